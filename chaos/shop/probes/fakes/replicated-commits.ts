import { commitWith } from '#services/api/orders/commit-with.ts'
import type { CommitOrder } from '#services/api/seams.ts'
import { inTransaction } from '#services/lib/transaction.ts'

import type { CallEnd, ProbeTools } from '../contract-probe.ts'
import { createProcess, limits, throwUnknown } from './fake-process.ts'
import type { FakeProcess, Intercept, SentStatement } from './fake-process.ts'
import { silentLog } from './silent-log.ts'
import { commitSettings } from './sql/commit-settings.ts'
import { Session } from './sql/session.ts'
import { Store } from './sql/store.ts'

/** `silent`: it has a connection and confirms nothing. `gone`: it has no connection. */
export type StandbyState = 'streams' | 'silent' | 'gone'

/** As in the shop: DATABASE_QUERY_TIMEOUT_MS. */
const queryTimeoutMs = 1_000
const pollMs = 3
const callMaxMs = 30_000
const firstByte = 0x3_00_00_28n
const bytesOfCommit = 0x1_48n

interface Statement {
  readonly sql: string
  readonly values: readonly unknown[]
}

interface Commit {
  readonly statements: readonly Statement[]
  readonly byte: bigint
  readonly atMs: number
}

/** How the placing of an order ended. */
export interface Placing {
  /** Whether the standby had the order when the client received its response. */
  readonly isDurable: boolean
}

/** An instance of the API with its own pools and its own instance of the learner's module. */
export interface OrderPlacer {
  place(orderId: string): Promise<CallEnd<Placing>>
  /** Many at once. */
  placeAll(orderIds: readonly string[]): Promise<readonly CallEnd<Placing>[]>
  /** A transaction that places no order, on the same pool. */
  writeElsewhere(): Promise<CallEnd<void>>
}

/** A primary that commits orders, and a standby that confirms them, late or not at all. */
export class ReplicatedCommits {
  /** How long a commit needs to the standby and back. */
  tripMs = 8
  /** How much later queries at the standby see it. */
  applyMs = 2
  /** The first order that others could see before the standby had it. */
  seenTooEarly: string | undefined
  readonly #tools: ProbeTools<CommitOrder>
  readonly #primary = new Store()
  readonly #standby = new Store()
  readonly #owner: Session
  readonly #replay: Session
  readonly #settings = commitSettings()
  readonly #open = new WeakMap<Session, readonly Statement[]>()
  #state: StandbyState = 'streams'
  /** After a failover, no commit waits, because the new primary has no standby. */
  #isPromoted = false
  #commits: readonly Commit[] = []
  #received = 0
  #replayed = 0
  #replaying: Promise<void> = Promise.resolve()

  private constructor(tools: ProbeTools<CommitOrder>) {
    this.#tools = tools
    this.#owner = new Session(this.#primary, tools, limits)
    this.#replay = new Session(this.#standby, tools, limits)
    this.#tellPositions()
  }

  static async open(
    tools: ProbeTools<CommitOrder>,
    state: StandbyState = 'streams',
  ): Promise<ReplicatedCommits> {
    const shop = new ReplicatedCommits(tools)
    await shop.#own('CREATE TABLE pg_stat_replication (application_name text, state text)')
    await shop.#own(`INSERT INTO pg_stat_replication VALUES ('replica', 'streaming')`)
    await shop.setStandby(state)
    return shop
  }

  async setStandby(state: StandbyState): Promise<void> {
    this.#receive()
    const had = this.#state !== 'gone'
    this.#state = state
    if (had && state === 'gone') await this.#own('DELETE FROM pg_stat_replication')
    if (!had && state !== 'gone')
      await this.#own(`INSERT INTO pg_stat_replication VALUES ('replica', 'streaming')`)
  }

  /** The store of the primary is that of the new one now. Both pools lead to it. */
  async failOver(): Promise<void> {
    await this.setStandby('gone')
    this.#isPromoted = true
  }

  async openPlacer({ hasReplica = true } = {}): Promise<OrderPlacer> {
    const commitOrder = await this.#tools.load()
    const primary = createProcess(this.#tools, this.#primary, this.#onPrimary)
    const replica = hasReplica ? this.#openReplica() : undefined
    const desk = { primary: primary.database, replica: replica?.database, log: silentLog }
    const database = commitWith(
      primary.database,
      async (transaction) => await commitOrder(transaction, desk),
    )
    const begin = async (orderId: string): Promise<Placing> => {
      await inTransaction(database, async (transaction) => {
        await transaction.query(
          `INSERT INTO orders (id, client_key, customer, sku, quantity, amount_cents, status)
           VALUES ($1, $1, 'ann', 'mug', 2, 2400, 'placed')`,
          [orderId],
        )
      })
      return { isDurable: this.#isReceived(orderId) }
    }
    const call = async <T>(work: () => Promise<T>): Promise<CallEnd<T>> => {
      const end = await this.#tools.call(work, callMaxMs)
      throwUnknown(...(replica === undefined ? [primary] : [primary, replica]))
      return end
    }
    return {
      place: async (orderId) => await call(async () => await begin(orderId)),
      placeAll: async (orderIds) => {
        const all = await call(
          async () => await Promise.all(orderIds.map(async (id) => await this.#timed(begin(id)))),
        )
        return all.how === 'returned' ? all.value : [all]
      },
      writeElsewhere: async () =>
        await call(async () => {
          await inTransaction(primary.database, async (transaction) => {
            await transaction.query(`UPDATE products SET price_cents = 900 WHERE sku = 'mug'`)
          })
        }),
    }
  }

  async #timed<T>(work: Promise<T>): Promise<CallEnd<T>> {
    const startMs = this.#tools.now()
    const afterMs = (): number => this.#tools.now() - startMs
    return await work.then(
      (value) => ({ how: 'returned', value, afterMs: afterMs() }),
      (error: unknown) => ({ how: 'threw', error, afterMs: afterMs() }),
    )
  }

  #openReplica(): FakeProcess {
    return this.#isPromoted
      ? createProcess(this.#tools, this.#primary, this.#onPrimary)
      : createProcess(this.#tools, this.#standby, this.#onStandby)
  }

  async #own(sql: string): Promise<void> {
    await this.#tools.call(async () => await this.#owner.run(sql), callMaxMs)
  }

  readonly #onPrimary: Intercept = async (statement) => {
    const { sql, values, session, run } = statement
    const setting = this.#settings.read(statement)
    if (setting !== undefined) return setting
    if (/^\s*(COMMIT|END)\b/i.test(sql)) return await this.#commit(statement)
    if (/^\s*(BEGIN|START|ROLLBACK)\b/i.test(sql)) this.#close(session)
    else if (/^\s*(INSERT|UPDATE|DELETE|WITH)\b/i.test(sql))
      this.#open.set(session, [...(this.#open.get(session) ?? []), { sql, values }])
    this.#receive()
    return await run()
  }

  async #commit({ session, run }: SentStatement) {
    const statements = this.#open.get(session) ?? []
    const level = this.#settings.levelOf(session)
    this.#close(session)
    if (statements.length === 0) return await run()
    const byte = (this.#commits.at(-1)?.byte ?? firstByte) + bytesOfCommit
    const commit = { statements, byte, atMs: this.#tools.now() }
    this.#commits = [...this.#commits, commit]
    if (level !== 'local' && !this.#isPromoted) await this.#confirmed(commit, level, session)
    const result = await run()
    if (!this.#has(commit)) this.seenTooEarly ??= idOf(commit)
    return result
  }

  #close(session: Session): void {
    this.#open.delete(session)
    this.#settings.endTransaction(session)
  }

  /** Waits as the server does: no limit of the server ends it. The client has one. */
  async #confirmed(commit: Commit, level: string, session: Session): Promise<void> {
    const extraMs = level === 'remote_apply' ? this.applyMs : 0
    const untilMs = this.#tools.now() + queryTimeoutMs
    let confirmedMs: number | undefined
    for (;;) {
      if (this.#has(commit)) confirmedMs ??= this.#tools.now() + extraMs
      if (session.isClosed) throw new Error('Connection terminated')
      if (confirmedMs !== undefined && confirmedMs <= this.#tools.now()) return
      if (this.#tools.now() >= untilMs) {
        session.close()
        throw new Error('Query read timeout')
      }
      await this.#tools.sleep(pollMs)
    }
  }

  /** Everything is safe on the new primary: no other server can take it away. */
  #has(commit: Commit): boolean {
    this.#receive()
    return this.#isPromoted || this.#commits.indexOf(commit) < this.#received
  }

  #isReceived(orderId: string): boolean {
    const commit = this.#commits.find((one) => idOf(one) === orderId)
    return commit !== undefined && this.#has(commit)
  }

  /** What has arrived at the standby by now. */
  #receive(): void {
    const next = (): Commit | undefined => this.#commits[this.#received]
    const hasArrived = (commit: Commit): boolean => commit.atMs + this.tripMs <= this.#tools.now()
    for (let commit = next(); commit !== undefined; commit = next()) {
      if (this.#state !== 'streams' || !hasArrived(commit)) break
      this.#received += 1
    }
    this.#tellPositions()
  }

  readonly #onStandby: Intercept = async ({ run }) => {
    this.#receive()
    // One after the other: a position must not be ahead of its rows.
    this.#replaying = this.#replaying.then(async () => await this.#applyCommits())
    await this.#replaying
    return await run()
  }

  async #applyCommits(): Promise<void> {
    for (const commit of this.#commits.slice(this.#replayed, this.#received)) {
      if (commit.atMs + this.tripMs + this.applyMs > this.#tools.now()) break
      this.#replayed += 1
      for (const { sql, values } of commit.statements) await this.#replay.run(sql, values)
    }
    this.#tellPositions()
  }

  #tellPositions(): void {
    const byteAfter = (count: number): bigint => this.#commits[count - 1]?.byte ?? firstByte
    this.#primary.log = {
      role: 'primary',
      byte: byteAfter(this.#commits.length),
      replayedCommitMs: null,
    }
    this.#standby.log = {
      role: 'replica',
      byte: byteAfter(this.#replayed),
      receivedByte: byteAfter(this.#received),
      replayedCommitMs: null,
    }
  }
}

/** The order of a commit. Undefined: it places none. */
function idOf({ statements }: Commit): string | undefined {
  const [insert] = statements.filter(({ sql }) => sql.startsWith('INSERT INTO orders'))
  return insert === undefined ? undefined : String(insert.values[0])
}
