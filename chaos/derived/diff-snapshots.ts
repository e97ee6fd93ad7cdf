import type { Change, Row, Snapshot, Table } from './snapshot.ts'

const none: Table = { key: [], rows: [] }

/**
 * The rows that appear, change or disappear from one snapshot to the next. Tables that one of them has not read are left out, and so
 * are rows that `isOther` says belong to something else: it receives the whole row, of which a change names only some columns.
 */
export function diffSnapshots(
  before: Snapshot,
  after: Snapshot,
  isOther: (row: Row) => boolean = () => false,
): readonly Change[] {
  const names = new Set([...Object.keys(before.tables), ...Object.keys(after.tables)])
  return [...names]
    .filter((name) => before.unread[name] === undefined && after.unread[name] === undefined)
    .toSorted()
    .flatMap((name) =>
      diffTables(name, before.tables[name] ?? none, after.tables[name] ?? none, isOther),
    )
}

function diffTables(
  table: string,
  before: Table,
  after: Table,
  isOther: (row: Row) => boolean,
): readonly Change[] {
  const key = after.key.length > 0 ? after.key : before.key
  const old = grouped(before.rows, key)
  const changes: Change[] = []
  for (const row of after.rows) {
    const was = old.get(keyOf(row, key))?.shift()
    if (isOther(row)) continue
    if (was === undefined) changes.push({ table, op: 'appears', row })
    else if (!equal(was, row)) changes.push({ table, op: 'changes', row: changeOf(was, row, key) })
  }
  for (const rows of old.values())
    for (const row of rows) if (!isOther(row)) changes.push({ table, op: 'disappears', row })
  return changes
}

function grouped(rows: readonly Row[], key: readonly string[]): Map<string, Row[]> {
  const groups = new Map<string, Row[]>()
  for (const row of rows) {
    const name = keyOf(row, key)
    const group = groups.get(name)
    if (group === undefined) groups.set(name, [row])
    else group.push(row)
  }
  return groups
}

function keyOf(row: Row, key: readonly string[]): string {
  if (key.length > 0) return JSON.stringify(key.map((column) => row[column] ?? null))
  return JSON.stringify(Object.entries(row).toSorted(([a], [b]) => (a < b ? -1 : 1)))
}

function equal(a: Row, b: Row): boolean {
  const columns = new Set([...Object.keys(a), ...Object.keys(b)])
  return [...columns].every((column) => (a[column] ?? null) === (b[column] ?? null))
}

function changeOf(was: Row, row: Row, key: readonly string[]): Row {
  const columns = new Set([...Object.keys(was), ...Object.keys(row)])
  const cells: [string, Row[string]][] = key.map((column) => [column, row[column] ?? null])
  for (const column of columns) {
    const old = was[column] ?? null
    const value = row[column] ?? null
    if (old === value) continue
    cells.push([column, value])
    if (typeof old === 'number' && typeof value === 'number')
      // Sums of fractions are not exact.
      cells.push([`Δ${column}`, Number((value - old).toPrecision(12))])
  }
  return Object.fromEntries(cells)
}
