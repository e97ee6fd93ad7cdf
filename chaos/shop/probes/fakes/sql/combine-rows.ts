import { Undecided } from '../../contract-probe.ts'
import type { Binding, Context, Scope } from './context.ts'
import { evaluate, holds } from './evaluate.ts'
import { lockRow, lockTable } from './locks.ts'
import type { Expression, FromItem, Patience, RowLock } from './parser/statements.ts'
import type { Table, Values } from './rows.ts'
import { sqlError } from './values.ts'
import type { Value } from './values.ts'

export function tableOf(name: string, { store }: Context): Table {
  const table = store.tables.get(name)
  if (table === undefined) throw new Undecided(`the table ${name}`)
  return table
}

/** The visible rows of a table, for a statement that locks it in this mode. */
export function rowsOf(
  name: string,
  alias: string,
  mode: string,
  context: Context,
): readonly Binding[] {
  const table = tableOf(name, context)
  lockTable(table, context.holder, mode)
  context.transaction.read.add(name)
  return [...table.rows].flatMap((row): readonly Binding[] => {
    const values = row.visible(context.sight)
    return values === undefined ? [] : [{ alias, values, row, table }]
  })
}

/** All combinations of the rows of these items, after these bindings. */
export function combine(
  before: readonly Binding[],
  items: readonly FromItem[],
  scope: Scope | undefined,
  context: Context,
): readonly (readonly Binding[])[] {
  const [item, ...others] = items
  if (item === undefined) return [before]
  const outer = scope === undefined ? {} : { outer: scope }
  const found = bindingsOf(item, { bindings: before, ...outer }, context)
    .map((binding) => [...before, binding])
    .filter((bindings) => holds(item.on, { bindings, ...outer }, context))
  if (item.join === 'left' && found.length === 0)
    return combine([...before, nullRow(item, context)], others, scope, context)
  return found.flatMap((bindings) => combine(bindings, others, scope, context))
}

/** What a LEFT JOIN returns where it finds nothing. */
function nullRow({ source, alias }: FromItem, context: Context): Binding {
  if (source.kind !== 'table') throw new Undecided('LEFT JOIN of something that is not a table')
  const { columns } = tableOf(source.name, context).definition
  return { alias, values: Object.fromEntries(columns.map(({ name }) => [name, null])) }
}

function bindingsOf(item: FromItem, scope: Scope, context: Context): readonly Binding[] {
  const { source, alias, columns } = item
  if (source.kind === 'call')
    return callRows(source.name, source.given, item, scope, context).map((values) => ({
      alias,
      values,
    }))
  const part = source.kind === 'table' ? context.parts.get(source.name) : undefined
  if (source.kind === 'table' && part === undefined) {
    if (columns.length > 0) throw new Undecided('new names for the columns of a table')
    return rowsOf(source.name, alias, 'access share', context)
  }
  const rows = source.kind === 'query' ? context.select(source.query, scope, context) : part
  return (rows ?? []).map((values) => ({ alias, values: renamed(values, columns) }))
}

function renamed(values: Values, columns: readonly string[]): Values {
  if (columns.length === 0) return values
  return Object.fromEntries(
    Object.entries(values).map(([name, value], i) => [columns[i] ?? name, value]),
  )
}

/** The rows of unnest and generate_series. */
function callRows(
  name: string,
  given: readonly Expression[],
  { alias, columns }: FromItem,
  scope: Scope,
  context: Context,
): readonly Values[] {
  const values = given.map((one) => evaluate(one, scope, context))
  const lists = name === 'generate_series' ? [series(values)] : values
  if (name !== 'unnest' && name !== 'generate_series') throw new Undecided(`rows of ${name}`)
  if (!lists.every((list) => Array.isArray(list))) throw new Undecided('unnest of no array')
  const arrays = lists as readonly (readonly Value[])[]
  const length = Math.max(0, ...arrays.map((array) => array.length))
  const names = columns.length > 0 ? columns : [alias]
  return Array.from({ length }, (_, at) =>
    Object.fromEntries(arrays.map((array, i) => [names[i] ?? name, array[at] ?? null])),
  )
}

function series([from, to]: readonly Value[]): readonly Value[] {
  const [first, last] = [Number(from), Number(to)]
  if (!(last - first < 10_000)) throw new Undecided('a long series')
  return Array.from({ length: Math.max(0, last - first + 1) }, (_, i) => first + i)
}

/**
 * Locks the row of a binding. If another transaction has changed it meanwhile, the condition is
 * tested again with the newest version, as in READ COMMITTED; all other rows stay as they were
 * seen. Undefined: the row does not match any more, or is skipped.
 */
export function lockBinding(
  bindings: readonly Binding[],
  target: Binding,
  lock: { readonly mode: RowLock; readonly patience: Patience },
  stillHolds: (bindings: readonly Binding[]) => boolean,
  { holder, sight, transaction }: Context,
): readonly Binding[] | undefined {
  const { row } = target
  if (row === undefined) return bindings
  if (!lockRow(row, holder, lock.mode, lock.patience)) return undefined
  if (!row.isNewerThan(sight)) return bindings
  if (transaction.isolation !== 'read committed')
    throw sqlError('40001', 'could not serialize access due to concurrent update')
  const values = row.latest(transaction)
  if (values === undefined) return undefined
  const newest = bindings.map((one) => (one === target ? { ...one, values } : one))
  return stillHolds(newest) ? newest : undefined
}
