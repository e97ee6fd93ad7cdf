import type { CreateTable, RowLock } from './parser/statements.ts'
import type { Value } from './values.ts'

/** The values of a row, by column. */
export type Values = Readonly<Record<string, Value>>

/** Something that holds locks and that others wait for: a connection of the server. */
export interface Holder {
  readonly id: number
}

/** What a statement of a transaction can see. */
export interface Sight {
  readonly transaction: object
  /** The commits until this one. */
  readonly until: number
  /** Changes of the own transaction before this statement. */
  readonly command: number
}

interface Version {
  /** Number of the commit. */
  readonly at: number
  /** Undefined: deleted. */
  readonly values: Values | undefined
}

interface Pending {
  readonly command: number
  readonly values: Values | undefined
}

/** A row with all of its versions, and with the change of one transaction that has not ended. */
export class Row {
  readonly #versions: Version[] = []
  #owner: object | undefined
  #pending: readonly Pending[] = []
  /** The connections that lock this row, and how. */
  readonly locks = new Map<Holder, RowLock>()

  /** What a statement sees. Undefined: the row does not exist for it. */
  visible({ transaction, until, command }: Sight): Values | undefined {
    const own = this.#owner === transaction ? this.#pending : []
    const last = own.findLast((pending) => pending.command < command)
    return (last ?? this.#versions.findLast(({ at }) => at <= until))?.values
  }

  /** The newest version for its owner or, for others, the newest committed one. */
  latest(transaction: object): Values | undefined {
    const own = this.#owner === transaction ? this.#pending.at(-1) : undefined
    return (own ?? this.#versions.at(-1))?.values
  }

  /** True if another transaction has committed a change that this statement does not see. */
  isNewerThan({ transaction, until }: Sight): boolean {
    return this.#owner !== transaction && (this.#versions.at(-1)?.at ?? 0) > until
  }

  /** Every value that the row has or may have soon: for unique constraints. */
  get possible(): readonly (Values | undefined)[] {
    return [this.#versions.at(-1)?.values, ...this.#pending.map(({ values }) => values)]
  }

  get isPending(): boolean {
    return this.#pending.length > 0
  }

  isPendingFor(transaction: object): boolean {
    return this.#owner === transaction
  }

  /** Changes the row. The caller has its lock. Returns a function that takes the change back. */
  change(transaction: object, pending: Pending): () => void {
    const [owner, before] = [this.#owner, this.#pending]
    this.#owner = transaction
    this.#pending = [...before, pending]
    return () => {
      this.#owner = owner
      this.#pending = before
    }
  }

  commit(at: number): void {
    const last = this.#pending.at(-1)
    if (last !== undefined) this.#versions.push({ at, values: last.values })
    this.#owner = undefined
    this.#pending = []
  }
}

export class Table {
  readonly definition: CreateTable
  readonly rows = new Set<Row>()
  /** Which connections lock this table, and how. */
  readonly locks = new Map<Holder, Set<string>>()
  #lastId = 0n

  constructor(definition: CreateTable) {
    this.definition = definition
  }

  get name(): string {
    return this.definition.name
  }

  nextId(): bigint {
    this.#lastId += 1n
    return this.#lastId
  }
}
