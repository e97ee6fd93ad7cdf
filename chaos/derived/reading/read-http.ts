import { flattened, type Row, type Scalar, type Snapshot, type Table } from '../snapshot.ts'

/** A response of a service that has a store of its own. */
export interface HttpRequest {
  readonly url: string
  /** Name in front of its tables: `payments`. */
  readonly name: string
  /** A list with more entries is not read. */
  readonly rowsMax: number
}

const readWithinMs = 5_000

/** Reads JSON directly from a service, past every link. Each list of objects in it is a table: `payments charges`. */
export async function readHttp({
  url,
  name,
  rowsMax,
}: HttpRequest): Promise<Pick<Snapshot, 'tables' | 'unread'>> {
  const value = await readJson(url)
  const lists = Array.isArray(value)
    ? [[name, value] as const]
    : Object.entries(value ?? {}).flatMap(([list, rows]) =>
        Array.isArray(rows) ? [[`${name} ${list}`, rows as unknown[]] as const] : [],
      )
  const [long, short] = [
    lists.filter(([, rows]) => rows.length > rowsMax),
    lists.filter(([, rows]) => rows.length <= rowsMax),
  ]
  return {
    tables: Object.fromEntries(short.map(([list, rows]) => [list, tableOf(rows)])),
    unread: Object.fromEntries(long.map(([list]) => [list, `more than ${rowsMax} entries`])),
  }
}

/** The value at `charges[0].amount` or `charges.length` in the response; null: there is none. */
export async function readHttpValue(url: string, at: string | undefined): Promise<Scalar> {
  const parts = at === undefined ? [] : at.split(/[.[\]]+/).filter((part) => part !== '')
  const value = parts.reduce<unknown>(
    (inner, part) => (inner as Record<string, unknown> | null | undefined)?.[part],
    await readJson(url),
  )
  if (value === undefined || value === null) return null
  return typeof value === 'object' ? JSON.stringify(value) : (value as Scalar)
}

async function readJson(url: string): Promise<unknown> {
  const response = await fetch(url, { signal: AbortSignal.timeout(readWithinMs) })
  if (!response.ok) throw new Error(`GET ${url} responded with ${response.status}.`)
  return await response.json()
}

function tableOf(rows: readonly unknown[]): Table {
  const flat = rows.map((row): Row => flattened(row, typeof row === 'object' ? '' : 'value'))
  const hasId = flat.length > 0 && flat.every((row) => row['id'] !== undefined)
  return { key: hasId ? ['id'] : [], rows: flat }
}
