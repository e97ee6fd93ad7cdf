import type { Database } from '#services/lib/database.ts'

import { Undecided } from '../contract-probe.ts'
import type { ProbeTools } from '../contract-probe.ts'
import type { Result } from './sql/execute.ts'
import { parseSql } from './sql/parser/parse-sql.ts'
import { Session } from './sql/session.ts'
import type { SessionLimits } from './sql/session.ts'
import type { Store } from './sql/store.ts'

/** As in the shop. */
export const limits: SessionLimits = {
  lockTimeoutMs: 600,
  statementTimeoutMs: 800,
  idleInTransactionTimeoutMs: 3_000,
}
const acquireTimeoutMs = 1_000
/** The pool of a worker or an API. */
const connectionsMax = 10

/** A statement of a process, before it is sent. */
export interface SentStatement {
  /** 1 is the first statement of the process. */
  readonly number: number
  readonly sql: string
  readonly values: readonly unknown[]
  readonly session: Session
  /** The process is dead, as with {@link FakeProcess.kill}. */
  readonly kill: () => void
  /** Sends it, and waits for the reply. */
  readonly run: () => Promise<Result>
  /** It was in flight, and arrives now. */
  readonly arrive: () => Promise<Result>
}

/** Decides what happens to each statement of a process. */
export type Intercept = (statement: SentStatement) => Promise<Result>

/** A process with its pool of connections to the store. */
export interface FakeProcess {
  readonly database: Database
  /** The process is dead: the server closes its connections, and its calls never end. */
  kill(): void
  /** Every connection breaks. */
  disconnect(): void
  /** How many connections are in use. */
  readonly inUse: number
  /** The code used SQL or a method that the store does not know. */
  undecided(): Undecided | undefined
}

/** Throws the reason if one of these cannot be judged. */
export function throwUnknown(...all: readonly Pick<FakeProcess, 'undecided'>[]): void {
  for (const one of all) {
    const unknown = one.undecided()
    if (unknown !== undefined) throw unknown
  }
}

const never = async (): Promise<never> => await new Promise(() => undefined)

export function createProcess(
  tools: Pick<ProbeTools<unknown>, 'sleep'>,
  store: Store,
  intercept: Intercept = async ({ run }) => await run(),
): FakeProcess {
  const pool = new FakePool(tools, store, intercept)
  return {
    database: knownMethods(pool, pool.remember) as unknown as Database,
    kill: pool.kill,
    disconnect: () => pool.disconnect(),
    get inUse() {
      return pool.totalCount - pool.idleCount
    },
    undecided: () => pool.unknown,
  }
}

class FakePool {
  unknown: Undecided | undefined
  readonly #tools: Pick<ProbeTools<unknown>, 'sleep'>
  readonly #store: Store
  readonly #intercept: Intercept
  #isDead = false
  #statements = 0
  #open: Session[] = []
  #idle: Session[] = []
  #waiting: (() => void)[] = []

  constructor(tools: Pick<ProbeTools<unknown>, 'sleep'>, store: Store, intercept: Intercept) {
    this.#tools = tools
    this.#store = store
    this.#intercept = intercept
  }

  get totalCount(): number {
    return this.#open.length
  }

  get idleCount(): number {
    return this.#idle.length
  }

  get waitingCount(): number {
    return this.#waiting.length
  }

  readonly remember = (error: unknown): void => {
    if (error instanceof Undecided) this.unknown ??= error
  }

  on(): this {
    return this
  }

  readonly kill = (): void => {
    this.#isDead = true
    this.disconnect()
  }

  disconnect(): void {
    for (const session of this.#open) session.close()
  }

  async connect(...given: readonly unknown[]): Promise<unknown> {
    if (given.length > 0) {
      const error = new Undecided('a callback for a connection')
      this.remember(error)
      throw error
    }
    return this.#client(await this.#acquire())
  }

  async query(...given: readonly unknown[]): Promise<Result> {
    const session = await this.#acquire()
    try {
      const result = await this.#send(session, given)
      this.#release(session, false)
      return result
    } catch (error) {
      this.#release(session, true)
      throw error
    }
  }

  async #acquire(): Promise<Session> {
    if (this.#isDead) await never()
    await this.#tools.sleep(1)
    for (;;) {
      const idle = this.#idle.pop()
      if (idle !== undefined && !idle.isClosed) return idle
      if (idle !== undefined) this.#forget(idle)
      else if (this.#open.length < connectionsMax) {
        const session = new Session(this.#store, this.#tools, limits)
        this.#open.push(session)
        return session
      } else await this.#waitForPlace()
    }
  }

  async #waitForPlace(): Promise<void> {
    const place = Promise.withResolvers<true>()
    const take = (): void => place.resolve(true)
    this.#waiting.push(take)
    const late = this.#tools.sleep(acquireTimeoutMs).then(() => false)
    if (await Promise.race([place.promise, late])) return
    this.#waiting.splice(this.#waiting.indexOf(take), 1)
    throw new Error('timeout exceeded when trying to connect')
  }

  #release(session: Session, isBroken: boolean): void {
    if (isBroken) session.close()
    if (session.isClosed) this.#forget(session)
    else this.#idle.push(session)
    this.#waiting.shift()?.()
  }

  #forget(session: Session): void {
    this.#open = this.#open.filter((one) => one !== session)
  }

  #client(session: Session): object {
    let released = false
    let last: Promise<unknown> = Promise.resolve()
    const client: object = knownMethods(
      {
        // One statement after the other, as a connection sends them.
        query: async (...given: readonly unknown[]) => {
          const result = last.then(async () => await this.#send(session, given))
          last = result.catch(() => undefined)
          return await result
        },
        release: (error?: unknown) => {
          if (released) throw new Error('Release called on client which has already been released.')
          released = true
          this.#release(session, error !== undefined && error !== false)
        },
        on: () => client,
        once: () => client,
        off: () => client,
        removeListener: () => client,
      },
      this.remember,
    )
    return client
  }

  async #send(session: Session, given: readonly unknown[]): Promise<Result> {
    if (this.#isDead) await never()
    this.#statements += 1
    const number = this.#statements
    const { kill } = this
    try {
      const { sql, values } = queryOf(given)
      const arrive = async (): Promise<Result> => await session.run(sql, values)
      const run = async (): Promise<Result> => {
        await this.#tools.sleep(1)
        return await arrive()
      }
      const result = await this.#intercept({ number, sql, values, session, kill, run, arrive })
      if (this.#isDead) await never()
      return result
    } catch (error) {
      if (this.#isDead) await never()
      this.remember(error)
      throw error
    }
  }
}

interface Query {
  readonly sql: string
  readonly values: readonly unknown[]
}

/**
 * The text and the parameters. Other forms have other results: a callback, rows as arrays, and
 * several statements in one text. They make the probe undecided.
 */
function queryOf([query, parameters, ...others]: readonly unknown[]): Query {
  const config = (typeof query === 'string' ? { text: query } : Object(query)) as Config
  const { text: sql, values: own, name: _, ...options } = config
  const values = parameters ?? own ?? []
  const isKnown = others.length === 0 && Object.keys(options).length === 0
  if (!isKnown || typeof sql !== 'string' || !Array.isArray(values) || parseSql(sql).length !== 1)
    throw new Undecided('another form of a query')
  return { sql, values }
}

interface Config {
  readonly text?: unknown
  readonly values?: unknown
  readonly name?: unknown
}

/** Any other method makes the probe undecided. */
function knownMethods(target: object, remember: (error: unknown) => void): object {
  return new Proxy(target, {
    get: (from, name) => {
      if (typeof name === 'symbol' || name === 'then' || name === 'toJSON') return undefined
      if (!(name in from)) {
        const error = new Undecided(`the method ${name} of a connection`)
        remember(error)
        throw error
      }
      const member: unknown = Reflect.get(from, name, from)
      return typeof member === 'function' ? (member.bind(from) as unknown) : member
    },
  })
}
