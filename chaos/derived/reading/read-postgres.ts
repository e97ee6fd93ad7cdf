import type { Client } from 'pg'

import { quoted, withPostgres } from '#chaos/faults/lib/postgres.ts'

import { flattened, type Row, type Scalar, type Table } from '../snapshot.ts'

/** What is read of a Postgres. */
export interface PostgresRequest {
  /** Names of tables; absent: all. */
  readonly tables?: readonly string[]
  /** A condition by table: only these rows are read. */
  readonly where?: Readonly<Record<string, string>>
  /** A table with more rows is not read. */
  readonly rowsMax: number
  /** Statements with one value each. */
  readonly statements: readonly string[]
}

export interface PostgresContent {
  readonly tables: Readonly<Record<string, Table>>
  readonly unread: Readonly<Record<string, string>>
  readonly values: readonly Scalar[]
}

const readWithinMs = 10_000
/** Every decimal number with so many digits has its own floating-point number. */
const exactDigits = 15

interface Found {
  readonly schema: string
  readonly name: string
  readonly columns: readonly { readonly name: string; readonly type: string }[]
  readonly key: readonly string[]
}

const tablesSql = `
  SELECT n.nspname AS schema, c.relname AS name,
    (SELECT json_agg(json_build_object('name', a.attname, 'type', format_type(a.atttypid, NULL)) ORDER BY a.attnum)
     FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped) AS columns,
    coalesce((SELECT json_agg(a.attname ORDER BY a.attnum) FROM pg_index i JOIN pg_attribute a
              ON a.attrelid = i.indrelid AND a.attnum = ANY(i.indkey)
              WHERE i.indrelid = c.oid AND i.indisprimary), '[]') AS key
  FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
  WHERE c.relkind = 'r' AND c.relpersistence <> 't' AND n.nspname NOT IN ('pg_catalog', 'information_schema')
    AND n.nspname NOT LIKE 'pg\\_toast%' AND n.nspname NOT LIKE 'pg\\_temp%'
  ORDER BY 1, 2`

/** Reads the tables of a Postgres in one snapshot, past every link. Throws if it cannot be read in time. */
export async function readPostgres(
  url: string,
  request: PostgresRequest,
): Promise<PostgresContent> {
  const settings = { statement_timeout: readWithinMs, query_timeout: readWithinMs + 500 }
  return await withPostgres(
    url,
    async (client) => {
      await client.query('BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY')
      const { rows } = await client.query<Found>(tablesSql)
      const tables: Record<string, Table> = {}
      const unread: Record<string, string> = {}
      for (const found of rows) {
        const name = nameOf(found)
        if (request.tables !== undefined && !request.tables.includes(name)) continue
        const table = await readTable(client, found, request)
        if (table === undefined) unread[name] = tooLong(name, request.rowsMax)
        else tables[name] = table
      }
      const values: Scalar[] = []
      for (const statement of request.statements) values.push(await valueOf(client, statement))
      await client.query('COMMIT')
      return { tables, unread, values }
    },
    settings,
  )
}

/** `orders`, or `billing.invoices` outside of the schema public. */
function nameOf({ schema, name }: Found): string {
  return schema === 'public' ? name : `${schema}.${name}`
}

function tooLong(name: string, rowsMax: number): string {
  return `more than ${rowsMax} rows. Read a part of it: where: { ${name}: "created_at > now() - interval '1 hour'" }`
}

async function readTable(
  client: Client,
  found: Found,
  { where = {}, rowsMax }: PostgresRequest,
): Promise<Table | undefined> {
  const condition = where[nameOf(found)]
  const columns = found.columns.map(({ name, type }) =>
    // As JSON numbers, large ones would lose digits.
    type === 'bigint' || type === 'numeric'
      ? `${quoted(name)}::text AS ${quoted(name)}`
      : quoted(name),
  )
  const numbers = found.columns.filter(({ type }) => type === 'bigint' || type === 'numeric')
  // Not `to_json(t)`: a column can have the name t.
  const { rows } = await client.query<{ row: Record<string, unknown> }>(
    `SELECT to_json(t.*) AS row FROM (SELECT ${columns.join(', ')} FROM ${quoted(found.schema)}.${quoted(found.name)}
     ${condition === undefined ? '' : `WHERE ${condition}`} LIMIT ${rowsMax + 1}) t`,
  )
  if (rows.length > rowsMax) return undefined
  return {
    key: found.key,
    rows: rows.map(({ row }): Row => {
      for (const { name } of numbers) row[name] = numberIn(row[name])
      return flattened(row)
    }),
  }
}

/** A number, unless it would lose digits. */
function numberIn(value: unknown): unknown {
  const isExact = typeof value === 'string' && /^-?[\d.]+$/.test(value)
  return isExact && value.replaceAll(/\D/g, '').length <= exactDigits ? Number(value) : value
}

async function valueOf(client: Client, statement: string): Promise<Scalar> {
  const { rows } = await client.query<Record<string, unknown>>(statement)
  const [value] = Object.values(rows[0] ?? {})
  if (typeof value === 'number' || typeof value === 'boolean') return value
  if (value === undefined || value === null) return null
  return typeof value === 'string' ? value : JSON.stringify(value)
}
