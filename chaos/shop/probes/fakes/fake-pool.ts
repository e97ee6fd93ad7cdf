import type { ProbeTools } from '../contract-probe.ts'

export interface FakeConnection {
  query(sql: unknown, values?: unknown): Promise<unknown>
  release(): void
  on(): FakeConnection
  once(): FakeConnection
  off(): FakeConnection
  removeListener(): FakeConnection
}

export interface FakePool {
  connect(): Promise<FakeConnection>
  query(sql: unknown, values?: unknown): Promise<unknown>
  on(): FakePool
  readonly totalCount: number
  readonly idleCount: number
  readonly waitingCount: number
}

type Answer = (sql: string, values: readonly unknown[]) => unknown

interface Limits {
  readonly connectionsMax: number
  readonly acquireTimeoutMs: number
}

/** A pool of connections without a database: `answer` replies to each statement after a millisecond. */
export function createFakePool(
  { sleep }: Pick<ProbeTools<unknown>, 'sleep'>,
  limits: Limits,
  answer: Answer = () => ({ rows: [], rowCount: 0, command: '' }),
): FakePool {
  const places = createPlaces(sleep, limits)
  const query = async (sql: unknown, values: unknown = []): Promise<unknown> => {
    await sleep(1)
    const config = typeof sql === 'string' ? { text: sql } : (sql as { text: string })
    return await answer(config.text, values as readonly unknown[])
  }
  const connectionOf = (): FakeConnection => {
    let released = false
    const connection: FakeConnection = {
      query,
      release: () => {
        if (released) return
        released = true
        places.giveBack()
      },
      on: () => connection,
      once: () => connection,
      off: () => connection,
      removeListener: () => connection,
    }
    return connection
  }
  const pool: FakePool = {
    connect: async () => {
      await places.acquire()
      return connectionOf()
    },
    query: async (sql, values) => {
      await places.acquire()
      return await query(sql, values).finally(places.giveBack)
    },
    on: () => pool,
    get totalCount() {
      return limits.connectionsMax
    },
    get idleCount() {
      return limits.connectionsMax - places.inUse
    },
    get waitingCount() {
      return places.waiting
    },
  }
  return pool
}

interface Places {
  readonly acquire: () => Promise<void>
  readonly giveBack: () => void
  readonly inUse: number
  readonly waiting: number
}

/** The places of a pool, first in, first out. */
function createPlaces(
  sleep: (milliseconds: number) => Promise<void>,
  { connectionsMax, acquireTimeoutMs }: Limits,
): Places {
  let inUse = 0
  const waiting: (() => void)[] = []
  const waitForPlace = async (): Promise<void> => {
    const place = Promise.withResolvers<true>()
    const take = (): void => place.resolve(true)
    waiting.push(take)
    const late = sleep(acquireTimeoutMs).then(() => false)
    if (await Promise.race([place.promise, late])) return
    waiting.splice(waiting.indexOf(take), 1)
    throw new Error('timeout exceeded when trying to connect')
  }
  return {
    acquire: async () => {
      if (inUse === connectionsMax) return await waitForPlace()
      inUse += 1
    },
    giveBack: () => {
      const next = waiting.shift()
      if (next === undefined) inUse -= 1
      else next()
    },
    get inUse() {
      return inUse
    },
    get waiting() {
      return waiting.length
    },
  }
}
