import type { Change, Select } from './parser/statements.ts'
import type { Holder, Row, Sight, Table, Values } from './rows.ts'
import type { Store, Transaction } from './store.ts'
import type { Value } from './values.ts'

/** A row of a FROM item. */
export interface Binding {
  readonly alias: string
  readonly values: Values
  /** Of a table: for locks and changes. */
  readonly row?: Row
  readonly table?: Table
  /** Columns that * does not contain, such as xmax. */
  readonly system?: Values
}

/** The rows that an expression can name. A subquery also sees those of the query around it. */
export interface Scope {
  readonly bindings: readonly Binding[]
  readonly outer?: Scope
  /** Called when a query inside it uses one of these rows. */
  readonly used?: () => void
}

/** What a statement works with. */
export interface Context {
  readonly store: Store
  readonly holder: Holder
  readonly transaction: Transaction
  readonly sight: Sight
  readonly parameters: readonly Value[]
  /** The results of WITH. */
  readonly parts: ReadonlyMap<string, readonly Values[]>
  /** The results of subqueries that do not depend on the rows around them. */
  readonly known: Map<Select, readonly Values[]>
  /** Runs a subquery. */
  readonly select: (query: Select, outer: Scope, context: Context) => readonly Values[]
  /** Runs a change in WITH. Returns the rows of RETURNING. */
  readonly change: (change: Change, context: Context) => readonly Values[]
}
