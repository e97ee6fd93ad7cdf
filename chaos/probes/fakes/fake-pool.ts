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

/** A pool of connections without a database: `answer` replies to each statement after a millisecond. */
export function createFakePool(
  { sleep }: Pick<ProbeTools<unknown>, 'sleep'>,
  limits: { readonly connectionsMax: number; readonly acquireTimeoutMs: number },
  answer: Answer = () => ({ rows: [], rowCount: 0, command: '' }),
): FakePool {
  let inUse = 0
  const waiting: (() => void)[] = []

  const acquire = async (): Promise<void> => {
    if (inUse < limits.connectionsMax) return void (inUse += 1)
    await new Promise<void>((resolve, reject) => {
      let settled = false
      const take = (): void => {
        settled = true
        resolve()
      }
      waiting.push(take)
      void sleep(limits.acquireTimeoutMs).then(() => {
        if (settled) return
        waiting.splice(waiting.indexOf(take), 1)
        reject(new Error('timeout exceeded when trying to connect'))
      })
    })
  }
  const giveBack = (): void => {
    const next = waiting.shift()
    if (next === undefined) inUse -= 1
    else next()
  }
  const query = async (sql: unknown, values: unknown = []): Promise<unknown> => {
    await sleep(1)
    const config =
      typeof sql === 'string' ? { text: sql } : (sql as { text: string; values?: unknown })
    return await answer(
      config.text,
      (config as { values?: unknown[] }).values ?? (values as unknown[]),
    )
  }
  const connectionOf = (): FakeConnection => {
    let released = false
    const connection: FakeConnection = {
      query,
      release: () => {
        if (released) return
        released = true
        giveBack()
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
      await acquire()
      return connectionOf()
    },
    query: async (sql, values) => {
      await acquire()
      return await query(sql, values).finally(giveBack)
    },
    on: () => pool,
    get totalCount() {
      return limits.connectionsMax
    },
    get idleCount() {
      return limits.connectionsMax - inUse
    },
    get waitingCount() {
      return waiting.length
    },
  }
  return pool
}
