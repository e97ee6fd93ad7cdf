import { Undecided } from '../../contract-probe.ts'
import { checkRow } from './check-rows.ts'
import type { Context, Scope } from './context.ts'
import { evaluate } from './evaluate.ts'
import type { Assignment } from './parser/statements.ts'
import type { Table, Values } from './rows.ts'
import { cast } from './values.ts'

/** The values of a row after SET. The first binding is the row. */
export function assign(
  set: readonly Assignment[],
  table: Table,
  scope: Scope,
  context: Context,
): Values {
  const { columns } = table.definition
  const values = { ...scope.bindings[0]?.values }
  for (const { column: name, value } of set) {
    const column = columns.find((one) => one.name === name)
    if (column === undefined) throw new Undecided(`the column ${table.name}.${name}`)
    if (value === undefined) throw new Undecided('SET to a default')
    values[name] = cast(evaluate(value, scope, context), column.type)
  }
  checkRow(table, values, context)
  return values
}
