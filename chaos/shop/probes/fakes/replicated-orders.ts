import type { OrderReading, ReadOrder } from '#services/api/seams.ts'

import type { CallEnd, ProbeTools } from '../contract-probe.ts'
import { createProcess, limits, throwUnknown } from './fake-process.ts'
import type { FakeProcess, Intercept } from './fake-process.ts'
import { Session } from './sql/session.ts'
import { Store } from './sql/store.ts'
import { Position, toText } from './sql/values.ts'

/** `refuses`: no connection. `silent`: no reply. `ends`: a connection that is in use ends. */
export type ServerState = 'works' | 'refuses' | 'silent' | 'ends'

export type Status = 'placed' | 'charging' | 'paid'
export const statuses: readonly Status[] = ['placed', 'charging', 'paid']

/** As in the shop: REPLICA_TIMEOUT_MS, DATABASE_QUERY_TIMEOUT_MS. */
const silentMs = { replica: 250, primary: 1_000 }
/** The text becomes longer soon, so a comparison of texts is wrong. */
const firstByte = 0xf_ff_fd_28n
const bytesOfCommit = 0x1_48n
const readMaxMs = 30_000
const log = { debug() {}, info() {}, warn() {}, error() {} }

interface Committed {
  readonly sql: string
  readonly values: readonly unknown[]
  readonly atMs: number
  readonly byte: bigint
}

/** An instance of the API with its own pools and its own instance of the learner's module. */
export interface Reader {
  /** Does not let the time pass. */
  begin(orderId: string, position: string | undefined): Promise<OrderReading>
  read(orderId: string, position?: string): Promise<CallEnd<OrderReading>>
}

/** A primary with orders, and a replica that lags. */
export class ReplicatedOrders {
  /** How old a commit is when the replica has it. Infinity: it has stopped. */
  lagMs = 0
  primaryState: ServerState = 'works'
  replicaState: ServerState = 'works'
  /** Statements that the primary has received, even while it did not work. */
  statementsOnPrimary = 0
  readonly #tools: ProbeTools<ReadOrder>
  readonly #primary = new Store()
  readonly #replica = new Store()
  readonly #owner: Session
  readonly #replay: Session
  #commits: readonly Committed[] = []
  #replayed = 0
  #replaying: Promise<void> = Promise.resolve()

  constructor(tools: ProbeTools<ReadOrder>) {
    this.#tools = tools
    this.#owner = new Session(this.#primary, tools, limits)
    this.#replay = new Session(this.#replica, tools, limits)
    this.#tellPositions()
  }

  /** Places an order on the primary. Resolves to what its client receives. */
  async place(orderId: string): Promise<string> {
    return await this.#commit(
      `INSERT INTO orders (id, client_key, customer, sku, quantity, amount_cents, status)
       VALUES ($1, $1, 'ann', 'mug', 2, 2400, 'placed')`,
      [orderId],
    )
  }

  async change(orderId: string, status: Status): Promise<void> {
    await this.#commit(
      `UPDATE orders SET status = $2, version = version + 1, updated_at = clock_timestamp() WHERE id = $1`,
      [orderId, status],
    )
  }

  async openReader(): Promise<Reader> {
    const readOrder = await this.#tools.load()
    const primary = createProcess(this.#tools, this.#primary, this.#onPrimary)
    const replica = createProcess(this.#tools, this.#replica, this.#onReplica)
    return this.#reader(readOrder, primary, replica)
  }

  async openReaderWithoutReplica(): Promise<Reader> {
    const readOrder = await this.#tools.load()
    return this.#reader(readOrder, createProcess(this.#tools, this.#primary, this.#onPrimary))
  }

  #reader(readOrder: ReadOrder, primary: FakeProcess, replica?: FakeProcess): Reader {
    const desk = { primary: primary.database, replica: replica?.database, log }
    const begin: Reader['begin'] = async (orderId, position) =>
      await readOrder({ orderId, position }, desk)
    return {
      begin,
      read: async (orderId, position) => {
        const end = await this.#tools.call(async () => await begin(orderId, position), readMaxMs)
        throwUnknown(...(replica === undefined ? [primary] : [primary, replica]))
        return end
      },
    }
  }

  async #commit(sql: string, values: readonly unknown[]): Promise<string> {
    await this.#tools.call(async () => await this.#owner.run(sql, values), readMaxMs)
    const byte = (this.#commits.at(-1)?.byte ?? firstByte) + bytesOfCommit
    this.#commits = [...this.#commits, { sql, values, atMs: this.#tools.now(), byte }]
    this.#tellPositions()
    return toText(new Position(byte))
  }

  readonly #onPrimary: Intercept = async ({ session, run }) => {
    this.statementsOnPrimary += 1
    await this.#fail(this.primaryState, silentMs.primary, session)
    return await run()
  }

  readonly #onReplica: Intercept = async ({ session, run }) => {
    await this.#fail(this.replicaState, silentMs.replica, session)
    await this.#catchUp()
    return await run()
  }

  async #fail(state: ServerState, afterMs: number, session: Session): Promise<void> {
    if (state === 'works') return
    if (state === 'silent') await this.#tools.sleep(afterMs)
    session.close()
    if (state === 'silent') throw new Error('Query read timeout')
    if (state === 'ends') throw new Error('Connection terminated unexpectedly')
    throw Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' })
  }

  /** One after the other: a position must not be ahead of its rows. */
  async #catchUp(): Promise<void> {
    this.#replaying = this.#replaying.then(async () => await this.#applyCommits())
    await this.#replaying
  }

  async #applyCommits(): Promise<void> {
    for (;;) {
      const next = this.#commits[this.#replayed]
      if (next === undefined || next.atMs + this.lagMs > this.#tools.now()) break
      this.#replayed += 1
      await this.#replay.run(next.sql, next.values)
    }
    this.#tellPositions()
  }

  #tellPositions(): void {
    const byteOf = (commit: Committed | undefined): bigint => commit?.byte ?? firstByte
    const last = this.#replayed === 0 ? undefined : this.#commits[this.#replayed - 1]
    this.#primary.log = {
      role: 'primary',
      byte: byteOf(this.#commits.at(-1)),
      replayedCommitMs: null,
    }
    this.#replica.log = {
      role: 'replica',
      byte: byteOf(last),
      // A clock of the wall, as the server has it.
      replayedCommitMs:
        last === undefined ? null : this.#primary.nowMs - (this.#tools.now() - last.atMs),
    }
  }
}
