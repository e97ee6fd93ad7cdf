import { Undecided } from '../../contract-probe.ts'
import { assign } from './assign.ts'
import { checkRow, checkUnique, findConflict } from './check-rows.ts'
import type { Binding, Context, Scope } from './context.ts'
import { evaluate, holds } from './evaluate.ts'
import { lockRow, lockTable } from './locks.ts'
import type { ColumnDefinition, Insert } from './parser/statements.ts'
import type { Row, Table, Values } from './rows.ts'
import { cast, sqlError } from './values.ts'
import type { Value } from './values.ts'

/** Inserts rows. Returns a scope for each row that was inserted or updated. */
export function insertRows(insert: Insert, table: Table, context: Context): readonly Scope[] {
  lockTable(table, context.holder, 'row exclusive')
  return givenRows(insert, table, context).flatMap((given): readonly Scope[] => {
    const values = complete(table, given, context)
    checkRow(table, values, context)
    const existing = conflictOf(insert, table, values, context)
    if (existing !== undefined) return onConflict(insert, table, existing, values, context)
    checkUnique(table, values, context)
    const row = context.transaction.insert(table, values)
    return [{ bindings: [bindingOf(insert, row, values, 0)] }]
  })
}

const bindingOf = ({ alias }: Insert, row: Row, values: Values, xmax: number): Binding => ({
  alias,
  values,
  row,
  system: { xmax },
})

/** The given values by column. Undefined: the default. */
function givenRows(
  insert: Insert,
  table: Table,
  context: Context,
): readonly (readonly (readonly [column: string, value: Value | undefined])[])[] {
  const { rows } = insert
  const names =
    insert.columns.length > 0 ? insert.columns : table.definition.columns.map(({ name }) => name)
  const named = <T>(values: readonly T[]): readonly (readonly [string, T])[] => {
    if (values.length > names.length) throw sqlError('42601', 'INSERT has more expressions')
    return values.map((value, i) => [names[i] ?? '', value] as const)
  }
  if ('kind' in rows)
    return context.select(rows, { bindings: [] }, context).map((row) => named(Object.values(row)))
  return rows.map((row) =>
    named(
      row.map((value) =>
        value === undefined ? undefined : evaluate(value, { bindings: [] }, context),
      ),
    ),
  )
}

function complete(
  table: Table,
  given: readonly (readonly [column: string, value: Value | undefined])[],
  context: Context,
): Values {
  const unknown = given.find(
    ([name]) => !table.definition.columns.some((column) => column.name === name),
  )
  if (unknown !== undefined) throw new Undecided(`the column ${table.name}.${unknown[0]}`)
  const byName = new Map(given)
  return Object.fromEntries(
    table.definition.columns.map((column) => {
      const value = byName.get(column.name) ?? defaultOf(column, table, byName, context)
      return [column.name, cast(value, column.type)]
    }),
  )
}

function defaultOf(
  { name, standard }: ColumnDefinition,
  table: Table,
  given: ReadonlyMap<string, Value | undefined>,
  context: Context,
): Value {
  // A null that was given is not a default.
  if (given.get(name) === null || standard === undefined) return null
  if (standard === 'identity') return table.nextId()
  return evaluate(standard, { bindings: [] }, context)
}

/** The row in the way that ON CONFLICT is about. */
function conflictOf(
  { conflict }: Insert,
  table: Table,
  values: Values,
  context: Context,
): Row | undefined {
  if (conflict === undefined) return undefined
  const { target } = conflict
  const isMeant = ({ name, columns }: Table['definition']['unique'][number]): boolean =>
    target === undefined ||
    (typeof target === 'string'
      ? target === name
      : target.length === columns.length && target.every((one) => columns.includes(one)))
  const meant = table.definition.unique.filter(isMeant)
  if (target !== undefined && meant.length === 0)
    throw sqlError('42P10', 'there is no unique constraint matching the ON CONFLICT specification')
  for (const unique of meant) {
    const row = findConflict(table, unique, values, context)
    if (row !== undefined) return row
  }
  return undefined
}

function onConflict(
  insert: Insert,
  table: Table,
  row: Row,
  excluded: Values,
  context: Context,
): readonly Scope[] {
  const { sight, transaction, holder } = context
  if (row.isNewerThan(sight) && transaction.isolation !== 'read committed')
    throw sqlError('40001', 'could not serialize access due to concurrent update')
  const update = insert.conflict?.update
  if (update === undefined) return []
  lockRow(row, holder, 'UPDATE', 'wait')
  const values = row.latest(transaction)
  if (values === undefined) throw new Undecided('a row that was deleted at the same time')
  const seen = bindingOf(insert, row, values, 1)
  const scope = { bindings: [seen, { alias: 'excluded', values: excluded }] }
  if (!holds(insert.conflict?.where, scope, context)) return []
  const changed = assign(update, table, scope, context)
  checkUnique(table, changed, context, { row, before: values })
  transaction.change(row, changed)
  return [{ bindings: [{ ...seen, values: changed }] }]
}
