/** A type, such as `integer` or `text[]`. */
export type TypeName = string

export type Expression =
  | { readonly kind: 'literal'; readonly value: null | boolean | number | bigint | string }
  | { readonly kind: 'parameter'; readonly index: number }
  | { readonly kind: 'column'; readonly table: string | undefined; readonly name: string }
  | { readonly kind: 'all'; readonly table: string | undefined }
  | { readonly kind: 'not' | 'negative'; readonly of: Expression }
  | {
      readonly kind: 'binary'
      readonly operator: string
      readonly left: Expression
      readonly right: Expression
    }
  | { readonly kind: 'is'; readonly of: Expression; readonly what: null | boolean }
  | {
      readonly kind: 'in'
      readonly of: Expression
      readonly among: readonly Expression[] | Select
    }
  | {
      readonly kind: 'any' | 'every'
      readonly of: Expression
      readonly operator: string
      readonly among: Expression | Select
    }
  | {
      readonly kind: 'case'
      readonly of: Expression | undefined
      readonly cases: readonly (readonly [when: Expression, then: Expression])[]
      readonly otherwise: Expression | undefined
    }
  | { readonly kind: 'cast'; readonly of: Expression; readonly type: TypeName }
  | { readonly kind: 'call'; readonly name: string; readonly given: readonly Expression[] }
  | { readonly kind: 'array'; readonly items: readonly Expression[] }
  | { readonly kind: 'query' | 'exists'; readonly query: Select }

export interface Column {
  readonly value: Expression
  readonly as: string | undefined
}

export type RowLock = 'KEY SHARE' | 'SHARE' | 'NO KEY UPDATE' | 'UPDATE'
export type Patience = 'wait' | 'nowait' | 'skip'

export interface FromItem {
  readonly source:
    | { readonly kind: 'table'; readonly name: string }
    | { readonly kind: 'query'; readonly query: Select }
    | { readonly kind: 'call'; readonly name: string; readonly given: readonly Expression[] }
  readonly alias: string
  /** New names for the columns. */
  readonly columns: readonly string[]
  /** Undefined: the first item, or a comma. */
  readonly join: 'inner' | 'left' | undefined
  readonly on: Expression | undefined
}

export interface With {
  readonly name: string
  readonly query: Select | Change
}

export interface Select {
  readonly kind: 'select'
  readonly with: readonly With[]
  readonly columns: readonly Column[]
  readonly from: readonly FromItem[]
  readonly where: Expression | undefined
  readonly order: readonly { readonly by: Expression; readonly descending: boolean }[]
  readonly limit: Expression | undefined
  readonly offset: Expression | undefined
  readonly lock:
    | {
        readonly mode: RowLock
        readonly patience: Patience
        readonly of: readonly string[]
      }
    | undefined
}

export interface Assignment {
  readonly column: string
  /** Undefined: the default. */
  readonly value: Expression | undefined
}

export interface Insert {
  readonly kind: 'insert'
  readonly with: readonly With[]
  readonly table: string
  readonly alias: string
  readonly columns: readonly string[]
  /** Undefined in a row: the default. */
  readonly rows: readonly (readonly (Expression | undefined)[])[] | Select
  readonly conflict:
    | {
        /** Columns of a unique constraint, or its name. Undefined: any. */
        readonly target: readonly string[] | string | undefined
        readonly update: readonly Assignment[] | undefined
        readonly where: Expression | undefined
      }
    | undefined
  readonly returning: readonly Column[]
}

export interface Update {
  readonly kind: 'update'
  readonly with: readonly With[]
  readonly table: string
  readonly alias: string
  readonly set: readonly Assignment[]
  readonly from: readonly FromItem[]
  readonly where: Expression | undefined
  readonly returning: readonly Column[]
}

export interface Delete {
  readonly kind: 'delete'
  readonly with: readonly With[]
  readonly table: string
  readonly alias: string
  readonly from: readonly FromItem[]
  readonly where: Expression | undefined
  readonly returning: readonly Column[]
}

export type Change = Insert | Update | Delete

export interface ColumnDefinition {
  readonly name: string
  readonly type: TypeName
  readonly isRequired: boolean
  readonly standard: Expression | 'identity' | undefined
}

export interface CreateTable {
  readonly kind: 'create table'
  readonly name: string
  readonly ifNotExists: boolean
  readonly columns: readonly ColumnDefinition[]
  readonly unique: readonly { readonly name: string; readonly columns: readonly string[] }[]
  readonly checks: readonly { readonly name: string; readonly condition: Expression }[]
}

export type Isolation = 'read committed' | 'repeatable read' | 'serializable'

export type Control =
  | { readonly kind: 'begin'; readonly isolation: Isolation | undefined }
  | { readonly kind: 'isolation'; readonly isolation: Isolation }
  | { readonly kind: 'commit' | 'rollback' }
  | { readonly kind: 'savepoint' | 'release' | 'rollback to'; readonly name: string }
  | {
      readonly kind: 'set'
      readonly name: string
      readonly value: string
      readonly isLocal: boolean
    }

export interface LockTable {
  readonly kind: 'lock table'
  readonly tables: readonly string[]
  readonly mode: string
  readonly patience: Patience
}

export type Statement =
  | Select
  | Change
  | CreateTable
  | { readonly kind: 'create sequence'; readonly name: string }
  | LockTable
  | Control
  /** Of the schema: no probe depends on it. */
  | { readonly kind: 'nothing' }
