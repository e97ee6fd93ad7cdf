import type { Context } from './context.ts'
import { evaluate } from './evaluate.ts'
import { Blocked } from './locks.ts'
import type { Row, Table, Values } from './rows.ts'
import { compare, sqlError, toBoolean } from './values.ts'

type Unique = Table['definition']['unique'][number]

/** NOT NULL and CHECK. A check that is null does not refuse. */
export function checkRow({ name, definition }: Table, values: Values, context: Context): void {
  for (const column of definition.columns)
    if (column.isRequired && (values[column.name] ?? null) === null)
      throw sqlError('23502', `null value in column "${column.name}" of relation "${name}"`)
  const scope = { bindings: [{ alias: name, values }] }
  for (const check of definition.checks) {
    const result = evaluate(check.condition, scope, context)
    if (result !== null && !toBoolean(result))
      throw sqlError(
        '23514',
        `new row for relation "${name}" violates check constraint "${check.name}"`,
        check.name,
      )
  }
}

/** A row that changes, with its values until now. */
export interface Self {
  readonly row: Row
  readonly before: Values
}

/** Throws if another row has the same key. Waits for a transaction that may commit one. */
export function checkUnique(table: Table, values: Values, context: Context, self?: Self): void {
  for (const unique of table.definition.unique) {
    const isSame = unique.columns.every((name) => self?.before[name] === values[name])
    if (self !== undefined && isSame) continue
    if (findConflict(table, unique, values, context, self?.row) !== undefined)
      throw sqlError(
        '23505',
        `duplicate key value violates unique constraint "${unique.name}"`,
        unique.name,
      )
  }
}

/** The row that has the same key. Waits for a transaction that may commit or remove one. */
export function findConflict(
  { rows }: Table,
  { columns }: Unique,
  values: Values,
  { transaction, holder }: Context,
  self?: Row,
): Row | undefined {
  const isSame = (other: Values | undefined): boolean =>
    other !== undefined &&
    columns.every((name) => compare(other[name] ?? null, values[name] ?? null) === 0)
  for (const row of rows) {
    if (row === self || !row.possible.some(isSame)) continue
    const others = [...row.locks].filter(([one, mode]) => one !== holder && mode.includes('UPDATE'))
    // Another transaction has changed this row, and has not ended.
    if (row.isPending && !row.isPendingFor(transaction))
      throw new Blocked(others.map(([one]) => one))
    if (isSame(row.latest(transaction))) return row
  }
  return undefined
}
