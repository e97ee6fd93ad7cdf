import { runChange } from './change.ts'
import { tableOf } from './combine-rows.ts'
import type { Context } from './context.ts'
import { lockTable } from './locks.ts'
import type { Control, Statement } from './parser/statements.ts'
import type { Values } from './rows.ts'
import { again, runSelect } from './select.ts'
import { sqlError, toDriver } from './values.ts'

/** The result of a statement, as the driver returns it. */
export interface Result {
  readonly command: string
  readonly rowCount: number | null
  readonly rows: readonly Readonly<Record<string, unknown>>[]
}

/** Executes a statement at once. Throws Blocked if it must wait, and may have done a part of it then. */
export function execute(statement: Exclude<Statement, Control>, context: Context): Result {
  const { store, holder } = context
  switch (statement.kind) {
    case 'select': {
      const rows = runSelect(statement, undefined, context)
      return resultOf('SELECT', rows.length, rows)
    }
    case 'insert':
    case 'update':
    case 'delete': {
      const { count, rows } = runChange(statement, context)
      return resultOf(statement.kind.toUpperCase(), count, rows)
    }
    case 'lock table':
      for (const name of statement.tables)
        lockTable(tableOf(name, context), holder, statement.mode, statement.patience)
      return resultOf('LOCK', null, [])
    case 'create table':
      if (store.tables.has(statement.name) && !statement.ifNotExists)
        throw sqlError('42P07', `relation "${statement.name}" already exists`)
      if (!store.tables.has(statement.name)) store.createTable(statement)
      return resultOf('CREATE', null, [])
    case 'create sequence':
      store.sequences.set(statement.name, 0n)
      return resultOf('CREATE', null, [])
    case 'nothing':
      return resultOf('SET', null, [])
  }
}

function resultOf(command: string, rowCount: number | null, rows: readonly Values[]): Result {
  return {
    command,
    rowCount,
    rows: rows.map((row) =>
      // Of two columns with one name the driver returns the last one.
      Object.fromEntries(
        Object.entries(row).map(([name, value]) => [name.split(again)[0], toDriver(value)]),
      ),
    ),
  }
}
