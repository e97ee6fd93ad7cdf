/** A value of a column. A nested JSON value is flattened: `payload.items[0].sku`. */
export type Scalar = string | number | boolean | null

/** A row, a Redis key or an entry of a JSON list, column by column. */
export type Row = Readonly<Record<string, Scalar>>

/** The rows of one table at one moment. */
export interface Table {
  /** The columns that identify a row; empty: the table has no primary key, and equal rows are interchangeable. */
  readonly key: readonly string[]
  readonly rows: readonly Row[]
  /** Its rows end by themselves after a time: a cache or a lock. Absent: they stay. */
  readonly expires?: true
}

/** What the stores contain at one moment. Each store is read in one transaction or one sequence of commands. */
export interface Snapshot {
  /** By name: `orders`, `billing.invoices` outside of the schema public, `redis cart:{{id}}`. */
  readonly tables: Readonly<Record<string, Table>>
  /** Jobs of queues that a worker still has to finish. */
  readonly pending: number
  /** Tables that were not read completely, each with the reason. */
  readonly unread: Readonly<Record<string, string>>
  /** The values of the user's own statements, in their sequence. */
  readonly values: readonly Scalar[]
}

/** A row that differs between two snapshots. */
export interface Change {
  readonly table: string
  readonly op: 'appears' | 'changes' | 'disappears'
  /**
   * The row; for a row that changes: its key, the new value of each changed column, and `Δcolumn` with the difference of two
   * numbers.
   */
  readonly row: Row
}

/** Flattens a JSON value into columns: `{ a: { b: 1 } }` is `a.b: 1`. An empty list or object is `[]` or `{}`. */
export function flattened(value: unknown, prefix = ''): Row {
  if (value === null || value === undefined) return { [prefix]: null }
  if (typeof value !== 'object') return { [prefix]: value as Scalar }
  const entries = Array.isArray(value)
    ? value.map((one, i): [string, unknown] => [`${prefix}[${i}]`, one])
    : Object.entries(value).map(([name, one]): [string, unknown] => [
        prefix === '' ? name : `${prefix}.${name}`,
        one,
      ])
  if (entries.length === 0) return { [prefix]: Array.isArray(value) ? '[]' : '{}' }
  return Object.assign({}, ...entries.map(([name, one]) => flattened(one, name))) as Row
}
