import { assign } from './assign.ts'
import { checkUnique } from './check-rows.ts'
import { combine, lockBinding, rowsOf, tableOf } from './combine-rows.ts'
import type { Binding, Context } from './context.ts'
import { holds } from './evaluate.ts'
import { insertRows } from './insert.ts'
import type { Change, Delete, Update } from './parser/statements.ts'
import type { Values } from './rows.ts'
import { project, withParts } from './select.ts'

/** What a change did: the number of its rows, and RETURNING. */
export interface Changed {
  readonly count: number
  readonly rows: readonly Values[]
}

export function runChange(change: Change, before: Context): Changed {
  const context = withParts(change.with, before)
  context.transaction.wrote.add(change.table)
  if (change.kind !== 'insert') return changeRows(change, context)
  const table = tableOf(change.table, context)
  const rows = insertRows(change, table, context)
  return {
    count: rows.length,
    rows:
      change.returning.length === 0
        ? []
        : rows.map((scope) => project(change.returning, scope, context)),
  }
}

/** UPDATE and DELETE: each row is locked, tested again if it is newer than seen, and changed. */
function changeRows(change: Update | Delete, context: Context): Changed {
  const { table: name, alias, from, where, returning } = change
  const table = tableOf(name, context)
  const stillHolds = (bindings: readonly Binding[]): boolean =>
    [where, ...from.map(({ on }) => on)].every((one) => holds(one, { bindings }, context))
  const matching = rowsOf(name, alias, 'row exclusive', context)
    .flatMap((target) => combine([target], from, undefined, context))
    .filter((bindings) => holds(where, { bindings }, context))
  const changed = new Set<unknown>()
  const rows: Values[] = []
  const lock = {
    mode: change.kind === 'delete' ? 'UPDATE' : 'NO KEY UPDATE',
    patience: 'wait',
  } as const
  for (const bindings of matching) {
    const [target] = bindings
    if (target?.row === undefined || changed.has(target.row)) continue
    const still = lockBinding(bindings, target, lock, stillHolds, context)
    if (still === undefined) continue
    changed.add(target.row)
    const values =
      change.kind === 'delete' ? undefined : assign(change.set, table, { bindings: still }, context)
    const before = still[0]?.values ?? target.values
    if (values !== undefined) checkUnique(table, values, context, { row: target.row, before })
    context.transaction.change(target.row, values)
    const [seen, ...joined] = still
    if (seen === undefined || returning.length === 0) continue
    const scope = { bindings: [{ ...seen, values: values ?? seen.values }, ...joined] }
    rows.push(project(returning, scope, context))
  }
  return { count: changed.size, rows }
}
