import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

import { systemClock } from '#chaos/lib/clock.ts'

import { AdvisoryLocks } from './locks.ts'
import { parseSql } from './parser/parse-sql.ts'
import type { CreateTable, Isolation } from './parser/statements.ts'
import { Row, Table } from './rows.ts'
import type { Holder, Values } from './rows.ts'
import { sqlError } from './values.ts'

const schemaFile = fileURLToPath(
  new URL('../../../../../services/database/schema.sql', import.meta.url),
)

/** The write-ahead log of a primary, or of a replica. */
export interface WriteAheadLog {
  readonly role: 'primary' | 'replica'
  /** Up to here it is written, or replayed. */
  readonly byte: bigint
  /** Up to here a replica has received it. Undefined: up to `byte`. */
  readonly receivedByte?: bigint
  /** The commit that was replayed last, in milliseconds. Null: none, or a primary. */
  readonly replayedCommitMs: number | null
}

/** The server: tables, locks, and what is committed. */
export class Store {
  readonly tables = new Map<string, Table>()
  readonly sequences = new Map<string, bigint>()
  readonly advisory = new AdvisoryLocks()
  /** What the server says about its write-ahead log. Undefined: code that asks is unknown. */
  log: WriteAheadLog | undefined
  /** Number of the last commit. */
  commits = 0
  /** For every serializable transaction that has ended: when, and the tables that it has written. */
  readonly serializable: { readonly at: number; readonly wrote: ReadonlySet<string> }[] = []
  /** Called after each commit that has changed something. */
  onCommit: (() => void) | undefined
  readonly #waiting = new Set<() => void>()
  /** Which connections a connection waits for. */
  readonly #waitsFor = new Map<Holder, readonly Holder[]>()

  /** The shop's tables, empty. `off`: constraints that the lab has switched off. */
  constructor(off: readonly string[] = []) {
    for (const statement of parseSql(readFileSync(schemaFile, 'utf8')))
      if (statement.kind === 'create table') this.createTable(withoutConstraints(statement, off))
      else if (statement.kind === 'create sequence') this.sequences.set(statement.name, 0n)
    // Triggers write these, and the store has no triggers: code that reads them is unknown.
    for (const name of ['order_events', 'payment_state_events', 'price_events', 'stock_events'])
      this.tables.delete(name)
  }

  /** The clock of the server: the one that the learner's code reads too. */
  get nowMs(): number {
    return systemClock.wallTimeMs()
  }

  createTable(definition: CreateTable): void {
    this.tables.set(definition.name, new Table(definition))
  }

  /** The committed rows of a table. */
  committed(table: string): readonly Values[] {
    const sight = { transaction: {}, until: this.commits, command: 0 }
    return [...(this.tables.get(table)?.rows ?? [])]
      .map((row) => row.visible(sight))
      .filter((values) => values !== undefined)
  }

  /** The next end of a transaction, or of a lock. */
  async changed(): Promise<void> {
    await new Promise<void>((resolve) => void this.#waiting.add(resolve))
  }

  wake(): void {
    for (const resolve of this.#waiting) resolve()
    this.#waiting.clear()
  }

  /** The connection begins to wait. Rejected if all would wait for each other. */
  beginToWait(holder: Holder, by: readonly Holder[]): void {
    this.#waitsFor.set(holder, by)
    const seen = new Set<Holder>()
    const next = [...by]
    for (let one = next.pop(); one !== undefined; one = next.pop()) {
      if (one === holder) throw sqlError('40P01', 'deadlock detected')
      if (!seen.has(one)) next.push(...(this.#waitsFor.get(one) ?? []))
      seen.add(one)
    }
  }

  endToWait(holder: Holder): void {
    this.#waitsFor.delete(holder)
  }
}

function withoutConstraints(table: CreateTable, off: readonly string[]): CreateTable {
  const isOn = ({ name }: { readonly name: string }): boolean => !off.includes(name)
  return { ...table, unique: table.unique.filter(isOn), checks: table.checks.filter(isOn) }
}

interface Savepoint {
  readonly name: string
  readonly done: number
}

/** A transaction of one connection. */
export class Transaction {
  readonly startedAtMs: number
  isolation: Isolation
  /** True after an error: only a rollback is accepted. */
  hasFailed = false
  readonly #store: Store
  readonly #holder: Holder
  #undo: (() => void)[] = []
  readonly #rows = new Set<Row>()
  #savepoints: readonly Savepoint[] = []
  #command = 0
  #until: number | undefined
  readonly read = new Set<string>()
  readonly wrote = new Set<string>()

  constructor(store: Store, holder: Holder, isolation: Isolation, nowMs: number) {
    this.#store = store
    this.#holder = holder
    this.isolation = isolation
    this.startedAtMs = nowMs
  }

  /** A new statement begins. Returns what it can see. */
  nextSight(): { transaction: object; until: number; command: number } {
    this.#command += 1
    const until = this.isolation === 'read committed' ? this.#store.commits : this.#snapshot()
    return { transaction: this, until, command: this.#command }
  }

  #snapshot(): number {
    this.#until ??= this.#store.commits
    return this.#until
  }

  change(row: Row, values: Values | undefined): void {
    this.#rows.add(row)
    this.#undo.push(row.change(this, { command: this.#command, values }))
  }

  insert(table: Table, values: Values): Row {
    const row = new Row()
    row.locks.set(this.#holder, 'UPDATE')
    table.rows.add(row)
    this.#undo.push(() => table.rows.delete(row))
    this.change(row, values)
    return row
  }

  /** A mark for {@link undoTo}. */
  get done(): number {
    return this.#undo.length
  }

  undoTo(done: number): void {
    for (const undo of this.#undo.slice(done).toReversed()) undo()
    this.#undo = this.#undo.slice(0, done)
  }

  savepoint(name: string): void {
    this.#savepoints = [...this.#savepoints, { name, done: this.done }]
  }

  releaseSavepoint(name: string): void {
    this.#savepoints = this.#savepoints.slice(0, this.#find(name))
  }

  rollBackTo(name: string): void {
    const at = this.#find(name)
    this.undoTo(this.#savepoints[at]?.done ?? 0)
    this.#savepoints = this.#savepoints.slice(0, at + 1)
    this.hasFailed = false
  }

  #find(name: string): number {
    const at = this.#savepoints.findLastIndex((one) => one.name === name)
    if (at === -1) throw sqlError('3B001', `savepoint "${name}" does not exist`)
    return at
  }

  commit(): void {
    const store = this.#store
    const began = this.#until ?? store.commits
    const isSerializable = this.isolation === 'serializable' && this.wrote.size > 0
    // Postgres may reject more than it must. So does this.
    const conflicts = store.serializable.some(
      ({ at, wrote }) => at > began && [...wrote].some((table) => this.read.has(table)),
    )
    if (isSerializable && conflicts)
      throw sqlError('40001', 'could not serialize access due to read/write dependencies')
    store.commits += 1
    for (const row of this.#rows) row.commit(store.commits)
    if (isSerializable) store.serializable.push({ at: store.commits, wrote: this.wrote })
    if (this.#rows.size > 0) store.onCommit?.()
  }

  rollBack(): void {
    this.undoTo(0)
  }
}
