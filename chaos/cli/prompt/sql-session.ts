import { Client } from 'pg'
import type { QueryResult } from 'pg'

import type { Cli } from '../cli.ts'
import { textTable } from '../ui/text-table.ts'
import type { PromptSession } from './run-prompt.ts'

const queryTimeoutMs = 30_000

/** Opens one connection to the shop's Postgres. */
export async function openSqlSession(cli: Cli, url: string): Promise<PromptSession> {
  const client = new Client({
    connectionString: url,
    application_name: 'unhappy sql',
    connectionTimeoutMillis: 3_000,
    query_timeout: queryTimeoutMs,
    // Values stay as Postgres writes them, so they match other output of Postgres.
    types: { getTypeParser: () => (value: unknown) => value },
  })
  // Without a listener a killed Postgres would end the prompt. The next statement reports the error.
  client.on('error', () => undefined)
  await client.connect()
  return {
    name: 'sql',
    greeting: String.raw`End a statement with ";". Type \d to list tables, \d orders to describe one, exit to leave.`,
    isComplete: (text) => text.trimEnd().endsWith(';') || text.trimStart().startsWith('\\'),
    execute: async (statement, { json, width }) => {
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
  return `${textTable(columns, rows, { width, heading: cli.out.colours.dim })}\n${cli.out.colours.dim(count)}`
}

/** The query of `\d`. */
const listTables = `
  SELECT c.relname AS table, c.reltuples::bigint AS "rows, about"
  FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
  WHERE c.relkind = 'r' AND n.nspname = 'public' ORDER BY 1`

/** The query of `\d orders`. */
function describeTable(name: string): { readonly text: string; readonly values: string[] } {
  return {
    text: `
      SELECT column_name AS column, data_type AS type, is_nullable AS nullable, column_default AS default
      FROM information_schema.columns WHERE table_schema = 'public' AND table_name = $1
      ORDER BY ordinal_position`,
    values: [name],
  }
}
