import { DatabaseError } from 'pg'

import { Undecided } from '../../contract-probe.ts'
import type { ProbeTools } from '../../contract-probe.ts'

export interface MigrationNames {
  readonly column: string
  readonly index: string
}

/** Settings and transaction of one connection. */
export interface Session {
  lockTimeoutMs: number
  statementTimeoutMs: number
  /** The table before the transaction; undefined outside of one. */
  before?: TableState
  failed: boolean
  /** Since when, and because of which statement, customers cannot use what the transaction has locked. */
  held?: { readonly sinceMs: number; readonly statement: string }
  lost: boolean
}

export interface TableState {
  readonly hasColumn: boolean
  /** As in SQL: `'web'`. */
  readonly default: string | null
  readonly unfilled: number
  readonly filledWrongly: boolean
  readonly indexes: Readonly<Record<string, 'invalid' | 'valid'>>
}

type Time = Pick<ProbeTools<unknown>, 'now' | 'sleep'>

/** The table `orders` with its old orders, a report that may read it, and customers who wait for the migration. */
export class MigrationTable {
  readonly names: MigrationNames
  readonly time: Time
  state: TableState
  reportUntilMs = 0
  /** The longest time that a statement of a customer waited, and for which statement of the migration. */
  longest = { ms: 0, statement: '' }
  /** A statement that this database does not know. */
  unknown: string | undefined

  constructor(time: Time, names: MigrationNames, oldOrders: number) {
    this.time = time
    this.names = names
    this.state = {
      hasColumn: false,
      default: null,
      unfilled: oldOrders,
      filledWrongly: false,
      indexes: {},
    }
  }

  change(part: Partial<TableState>): void {
    this.state = { ...this.state, ...part }
  }

  giveUp(statement: string): never {
    this.unknown ??= statement
    throw new Undecided(`The database of the probe does not know: ${statement}`)
  }

  /** Throws if there is no column yet. */
  requireColumn(): void {
    if (!this.state.hasColumn)
      throw sqlError('42703', `column "${this.names.column}" does not exist`)
  }

  /** Waits for the report. Customers wait too if the statement is in the lock queue. */
  async waitForReport(session: Session, statement: string, inQueue: boolean): Promise<void> {
    const waitMs = Math.max(0, this.reportUntilMs - this.time.now())
    const limits = [session.lockTimeoutMs, session.statementTimeoutMs].filter((ms) => ms > 0)
    const limitMs = Math.min(...limits)
    if (inQueue) this.#blocked(Math.min(waitMs, limitMs), statement)
    await this.time.sleep(Math.min(waitMs, limitMs))
    if (waitMs <= limitMs) return
    throw limitMs === session.lockTimeoutMs
      ? sqlError('55P03', 'canceling statement due to lock timeout')
      : sqlError('57014', 'canceling statement due to statement timeout')
  }

  /** Work that keeps customers out until it ends, or until its transaction ends. */
  async exclusively(session: Session, statement: string, ms: number): Promise<void> {
    const sinceMs = this.time.now()
    await this.time.sleep(ms)
    if (session.before === undefined) this.#blocked(this.time.now() - sinceMs, statement)
    else session.held ??= { sinceMs, statement }
  }

  begin(session: Session): void {
    session.before ??= this.state
  }

  /** Ends the transaction. */
  end(session: Session, how: 'commit' | 'rollback'): void {
    if (session.before !== undefined && (how === 'rollback' || session.failed))
      this.state = session.before
    this.release(session)
    delete session.before
    session.failed = false
  }

  /** Customers can use what the transaction had locked. */
  release(session: Session): void {
    if (session.held !== undefined)
      this.#blocked(this.time.now() - session.held.sinceMs, session.held.statement)
    delete session.held
  }

  #blocked(ms: number, statement: string): void {
    if (ms > this.longest.ms) this.longest = { ms, statement }
  }
}

export function sqlError(code: string, message: string): DatabaseError {
  return Object.assign(new DatabaseError(message, message.length, 'error'), {
    code,
    severity: 'ERROR',
  })
}

export function lostConnection(): Error {
  return new Error('Connection terminated unexpectedly')
}
