import { Client } from 'pg'
import type { QueryResult } from 'pg'

import type { Cli } from '../cli.ts'
import { table } from '../ui/table.ts'
import { describeTable, listTables } from './catalogue-queries.ts'
import type { Session } from './run-prompt.ts'

const answersWithinMs = 30_000

/** One connection to the shop's Postgres, for a person. */
export async function connectSql(cli: Cli, url: string): Promise<Session> {
  const client = new Client({
    connectionString: url,
    application_name: 'unhappy sql',
    connectionTimeoutMillis: 3_000,
    query_timeout: answersWithinMs,
    // As Postgres writes them: a person compares them with what else Postgres wrote.
    types: { getTypeParser: () => (value: unknown) => value },
  })
  // The prompt outlives a Postgres that is killed under it: the next statement tells.
  client.on('error', () => undefined)
  await client.connect()
  return {
    name: 'sql',
    greeting: String.raw`Statements end with ";". \d lists the tables, \d orders describes one, exit ends.`,
    isComplete: (text) => text.trimEnd().endsWith(';') || text.trimStart().startsWith('\\'),
    answer: async (statement, { json, width }) => {
      const results = await ask(client, statement)
      if (json)
        return JSON.stringify(results.length === 1 ? results[0]?.rows : results.map((r) => r.rows))
      return results.map((result) => show(result, width, cli)).join('\n\n')
    },
    [Symbol.asyncDispose]: async () => client.end(),
  }
}

async function ask(client: Client, statement: string): Promise<readonly QueryResult[]> {
  const meta = /^\s*\\d\s*(\w*)\s*;?\s*$/.exec(statement)
  const result = (
    meta === null
      ? await client.query(statement)
      : await client.query(meta[1] ? describeTable(meta[1]) : listTables)
  ) as QueryResult | QueryResult[]
  return [result].flat()
}

function show(result: QueryResult, width: number, cli: Cli): string {
  if (result.fields.length === 0) return `${result.command} ${result.rowCount ?? ''}`.trim()
  const names = result.fields.map((field) => field.name)
  const rows = result.rows.map((row: Record<string, string | null>) =>
    names.map((name) => row[name] ?? '∅'),
  )
  const numeric = new Set([20, 21, 23, 700, 701, 1700])
  const columns = result.fields.map((field) => ({
    title: field.name,
    align: numeric.has(field.dataTypeID) ? ('right' as const) : ('left' as const),
  }))
  const count = `(${rows.length} row${rows.length === 1 ? '' : 's'})`
  if (rows.length === 0) return count
  return `${table(columns, rows, { width, heading: cli.out.colours.dim })}\n${cli.out.colours.dim(count)}`
}
