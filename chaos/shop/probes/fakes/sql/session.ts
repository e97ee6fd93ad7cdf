import type { ProbeTools } from '../../contract-probe.ts'
import { runChange } from './change.ts'
import type { Context } from './context.ts'
import { execute } from './execute.ts'
import type { Result } from './execute.ts'
import { Blocked } from './locks.ts'
import { parseSql } from './parser/parse-sql.ts'
import type { Control, Statement } from './parser/statements.ts'
import type { Holder } from './rows.ts'
import { runSelect } from './select.ts'
import { Transaction } from './store.ts'
import type { Store } from './store.ts'
import { fromDriver, sqlError } from './values.ts'
import type { Value } from './values.ts'

/** The limits of the server, in milliseconds. */
export interface SessionLimits {
  readonly lockTimeoutMs: number
  readonly statementTimeoutMs: number
  readonly idleInTransactionTimeoutMs: number
}

/** How long a statement that commits by itself takes from its effect to its COMMIT. */
export const commitMs = 2

const lost = (): Error => new Error('Connection terminated unexpectedly')

/** A connection to the store, as the server has it. */
export class Session implements Holder {
  static #last = 0
  readonly id = (Session.#last += 1)
  readonly #store: Store
  readonly #sleep: ProbeTools<unknown>['sleep']
  #limits: SessionLimits
  #limitsAfterwards: SessionLimits
  #transaction: Transaction | undefined
  #isClosed = false
  #activity = 0

  constructor(store: Store, { sleep }: Pick<ProbeTools<unknown>, 'sleep'>, limits: SessionLimits) {
    this.#store = store
    this.#sleep = sleep
    this.#limits = limits
    this.#limitsAfterwards = limits
  }

  get isClosed(): boolean {
    return this.#isClosed
  }

  get isInTransaction(): boolean {
    return this.#transaction !== undefined
  }

  /** Runs the statements of a text. Returns the result of the last one. */
  async run(sql: string, parameters: readonly unknown[] = []): Promise<Result> {
    const values = parameters.map((given) => fromDriver(given))
    let result: Result = { command: '', rowCount: null, rows: [] }
    for (const statement of parseSql(sql)) {
      this.#activity += 1
      if (this.#isClosed) throw lost()
      result = await this.#runOne(statement, values)
    }
    this.#watchIdle()
    return result
  }

  /** The isolation of the open transaction. */
  get isolation(): Transaction['isolation'] {
    return this.#transaction?.isolation ?? 'read committed'
  }

  /** The server rejects a statement without executing it. After a COMMIT the transaction is over. */
  fail(code: string, isCommit: boolean): never {
    if (isCommit) this.#end('rollback')
    else if (this.#transaction !== undefined) this.#transaction.hasFailed = true
    throw sqlError(code, `rejected with ${code}`)
  }

  /** The connection is gone: the server rolls back what is not committed, and releases every lock. */
  close(): void {
    if (this.#isClosed) return
    this.#isClosed = true
    this.#end('rollback')
    this.#store.advisory.release(this, 'all')
    this.#store.wake()
  }

  async #runOne(statement: Statement, parameters: readonly Value[]): Promise<Result> {
    const open = this.#transaction
    if (isControl(statement)) return this.#control(statement)
    if (open?.hasFailed === true)
      throw sqlError(
        '25P02',
        'current transaction is aborted, commands ignored until end of transaction block',
      )
    this.#transaction = open ?? this.#begin('read committed')
    try {
      const result = await this.#execute(statement, parameters, this.#transaction)
      if (open === undefined) {
        // Others can meet the locks of a statement that commits by itself, too.
        if (this.#transaction.wrote.size > 0) await this.#wait(commitMs)
        this.#end('commit')
      }
      return result
    } catch (error) {
      if (open === undefined) this.#end('rollback')
      else open.hasFailed = true
      throw error
    }
  }

  async #execute(
    statement: Exclude<Statement, Control>,
    parameters: readonly Value[],
    transaction: Transaction,
  ): Promise<Result> {
    const context: Context = {
      store: this.#store,
      holder: this,
      transaction,
      sight: transaction.nextSight(),
      parameters,
      parts: new Map(),
      known: new Map(),
      select: runSelect,
      change: (change, inner) => runChange(change, inner).rows,
    }
    const { lockTimeoutMs, statementTimeoutMs } = this.#limits
    const endsMs = this.#store.nowMs + Math.min(lockTimeoutMs, statementTimeoutMs)
    for (;;) {
      const { done } = transaction
      try {
        return execute(statement, context)
      } catch (error) {
        transaction.undoTo(done)
        if (!(error instanceof Blocked)) throw error
        await this.#waitFor(error.by, endsMs)
      }
    }
  }

  async #waitFor(by: readonly Holder[], endsMs: number): Promise<void> {
    const leftMs = endsMs - this.#store.nowMs
    if (leftMs <= 0)
      throw this.#limits.lockTimeoutMs <= this.#limits.statementTimeoutMs
        ? sqlError('55P03', 'canceling statement due to lock timeout')
        : sqlError('57014', 'canceling statement due to statement timeout')
    this.#store.beginToWait(this, by)
    try {
      await Promise.race([this.#store.changed(), this.#wait(leftMs)])
    } finally {
      this.#store.endToWait(this)
    }
    if (this.#isClosed) throw lost()
  }

  async #wait(milliseconds: number): Promise<void> {
    await this.#sleep(milliseconds)
    if (this.#isClosed) throw lost()
  }

  #begin(isolation: Transaction['isolation']): Transaction {
    return new Transaction(this.#store, this, isolation, this.#store.nowMs)
  }

  #control(control: Control): Result {
    const done = (command: string): Result => ({ command, rowCount: null, rows: [] })
    const open = this.#transaction
    switch (control.kind) {
      case 'begin':
        this.#transaction = open ?? this.#begin(control.isolation ?? 'read committed')
        return done('BEGIN')
      case 'commit':
        return done(this.#end(open?.hasFailed === true ? 'rollback' : 'commit'))
      case 'rollback':
        this.#end('rollback')
        return done('ROLLBACK')
      case 'isolation':
        if (open !== undefined) open.isolation = control.isolation
        return done('SET')
      case 'set':
        this.#set(control)
        return done('SET')
      case 'savepoint':
      case 'release':
      case 'rollback to':
        return done(this.#savepoint(control.kind, control.name))
    }
  }

  #savepoint(kind: 'savepoint' | 'release' | 'rollback to', name: string): string {
    const open = this.#transaction
    if (open === undefined)
      throw sqlError('25P01', `${kind} can only be used in transaction blocks`)
    if (kind !== 'rollback to' && open.hasFailed)
      throw sqlError('25P02', 'current transaction is aborted')
    if (kind === 'savepoint') open.savepoint(name)
    else if (kind === 'release') open.releaseSavepoint(name)
    else open.rollBackTo(name)
    return kind === 'rollback to' ? 'ROLLBACK' : kind.toUpperCase()
  }

  #set({ name, value, isLocal }: Control & { readonly kind: 'set' }): void {
    const [, number = '0', unit = ''] = /^(\d+)\s*(ms|s|min)?$/.exec(value) ?? []
    const ms = Number(number) * (unit === 's' ? 1_000 : unit === 'min' ? 60_000 : 1)
    const key = limitNames[name]
    if (key === undefined) return
    const limits = { ...this.#limits, [key]: ms === 0 ? Number.POSITIVE_INFINITY : ms }
    this.#limits = limits
    if (!isLocal) this.#limitsAfterwards = limits
  }

  /** Ends the transaction, and releases what it holds. */
  #end(how: 'commit' | 'rollback'): 'COMMIT' | 'ROLLBACK' {
    const open = this.#transaction
    this.#transaction = undefined
    this.#limits = this.#limitsAfterwards
    if (open === undefined) return how === 'commit' ? 'COMMIT' : 'ROLLBACK'
    try {
      if (how === 'commit') open.commit()
      else open.rollBack()
    } catch (error) {
      open.rollBack()
      throw error
    } finally {
      for (const table of this.#store.tables.values()) {
        table.locks.delete(this)
        for (const row of table.rows) row.locks.delete(this)
      }
      this.#store.advisory.release(this, 'transaction')
      this.#store.wake()
    }
    return how === 'commit' ? 'COMMIT' : 'ROLLBACK'
  }

  /** The server ends a transaction whose client sends nothing. */
  #watchIdle(): void {
    const activity = this.#activity
    const limitMs = this.#limits.idleInTransactionTimeoutMs
    if (this.#transaction === undefined || !Number.isFinite(limitMs)) return
    const watch = async (): Promise<void> => {
      await this.#sleep(limitMs)
      if (this.#activity === activity && this.#transaction !== undefined) this.close()
    }
    void watch()
  }
}

const limitNames: Readonly<Record<string, keyof SessionLimits>> = {
  lock_timeout: 'lockTimeoutMs',
  statement_timeout: 'statementTimeoutMs',
  idle_in_transaction_session_timeout: 'idleInTransactionTimeoutMs',
}

const controls: readonly string[] = [
  'begin',
  'commit',
  'rollback',
  'isolation',
  'set',
  'savepoint',
  'release',
  'rollback to',
]

function isControl(statement: Statement): statement is Control {
  return controls.includes(statement.kind)
}
