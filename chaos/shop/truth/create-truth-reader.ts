import type { PartialCounters, ReceivedResponses, TruthReader } from '#chaos/contracts/truth.ts'
import { systemClock } from '#chaos/lib/clock.ts'
import type { Clock } from '#chaos/lib/clock.ts'
import { messageOf } from '#chaos/lib/errors.ts'
import { readPartially } from '#chaos/lib/read-partially.ts'

import { countBooks, readBooks, readPaymentMethods } from './read-books.ts'
import type { BooksTruth } from './read-books.ts'
import { countDatabase, createTruthPool, readDatabase, readStatus } from './read-database.ts'
import { countQueue, createTruthRedis, readQueue } from './read-queue.ts'
import { finalStatuses } from './truth.ts'
import type { ShopCounters, Truth, TruthSource } from './truth.ts'

export interface TruthSources {
  /** Connection string of Postgres itself, not of a link. Before each read the reader looks whether it has changed. */
  readonly databaseUrl: string
  readonly redisUrl: string
  /** `http://127.0.0.1:20005` */
  readonly paymentsUrl: string
  /** Limit of each request to each source, in milliseconds. Default: 5000. */
  readonly timeoutMs?: number
  /** The source of `takenAt`. Default: the system clock. */
  readonly clock?: Clock
}

/**
 * Reads every source of truth directly and never through a link. It connects at the first read, and again after a store
 * restarts. Disposing closes its connections. Each method throws an error that names the source that it cannot read.
 */
export function createTruthReader(sources: TruthSources): TruthReader<Truth> {
  const { timeoutMs = 5_000, clock = systemClock } = sources
  const pools = connectionTo(
    () => sources.databaseUrl,
    (url) => createTruthPool(url, timeoutMs),
    async (pool) => await pool.end(),
  )
  const redises = connectionTo(
    () => sources.redisUrl,
    (url) => createTruthRedis(url, timeoutMs),
    async (redis) => redis.disconnect(),
  )
  return {
    async read(signal, received = []): Promise<Truth> {
      const [database, queue, books] = await all(
        from('Postgres', readDatabase(pools.now())),
        from('Redis', readQueue(redises.now())),
        from(
          'payments',
          readAllBooks(sources.paymentsUrl, quotedCents(received), timeoutMs, signal),
        ),
      )
      signal?.throwIfAborted()
      const takenAt = new Date(clock.wallTimeMs()).toISOString()
      return { takenAt, ...database, ...books, queue }
    },
    async isFinal(key) {
      const status = await from('Postgres', readStatus(pools.now(), key))
      return status !== undefined && finalStatuses.has(status)
    },
    async counters(signal): Promise<ShopCounters> {
      const [database, queue, books] = await all(
        from('Postgres', countDatabase(pools.now())),
        from('Redis', countQueue(redises.now())),
        from('payments', countBooks(sources.paymentsUrl, timeoutMs, signal)),
      )
      signal?.throwIfAborted()
      const { eventsRecorded, ...orders } = database
      const { events, ...charges } = books
      return { ...orders, ...queue, ...charges, eventsMissing: missing(events, eventsRecorded) }
    },
    async partialCounters(signal): Promise<PartialCounters> {
      const { counters, unread } = await readPartially(
        [
          ['Postgres', countDatabase(pools.now())],
          ['Redis', countQueue(redises.now())],
          ['payments', countBooks(sources.paymentsUrl, timeoutMs, signal)],
        ],
        signal,
      )
      const { events, eventsRecorded, ...others } = counters
      const known = events !== undefined && eventsRecorded !== undefined
      const eventsMissing = known ? { eventsMissing: missing(events, eventsRecorded) } : {}
      return { counters: { ...others, ...eventsMissing }, unread }
    },
    async [Symbol.asyncDispose]() {
      await redises.end()
      await pools.end()
    },
  }
}

/** The two figures are not of one moment, so an event may be recorded before it is counted. */
function missing(events: number, recorded: number): number {
  return Math.max(0, events - recorded)
}

/** A connection to the address of this moment. When the address changes, the next use opens another connection. */
function connectionTo<Connection>(
  address: () => string,
  open: (url: string) => Connection,
  close: (connection: Connection) => Promise<void>,
) {
  let current: { readonly url: string; readonly connection: Connection } | undefined
  const end = async (): Promise<void> => {
    const before = current
    current = undefined
    if (before !== undefined) await close(before.connection)
  }
  return {
    now: (): Connection => {
      const url = address()
      // A read that still uses the old one may fail, as if the store had gone down.
      if (current !== undefined && current.url !== url) end().catch(() => undefined)
      current ??= { url, connection: open(url) }
      return current.connection
    },
    end,
  }
}

/** The amounts in the quotes that clients received. */
function quotedCents(received: readonly ReceivedResponses[]): number[] {
  return received
    .filter(({ kind }) => kind === 'quote')
    .flatMap(({ attempts }) => attempts)
    .map(({ body }) => body?.['amountCents'])
    .filter((cents) => typeof cents === 'number' && Number.isSafeInteger(cents))
    .map(Number)
}

async function readAllBooks(
  paymentsUrl: string,
  amountsCents: readonly number[],
  timeoutMs: number,
  signal: AbortSignal | undefined,
): Promise<BooksTruth & Pick<Truth, 'paymentMethods'>> {
  const books = await readBooks(paymentsUrl, timeoutMs, signal)
  const paymentMethods = await readPaymentMethods(paymentsUrl, amountsCents, timeoutMs, signal)
  return { ...books, paymentMethods }
}

/** Adds the name of the source to an error. */
async function from<T>(source: TruthSource, reading: Promise<T>): Promise<T> {
  try {
    return await reading
  } catch (error) {
    throw new Error(`${source} cannot be read: ${messageOf(error)}`, { cause: error })
  }
}

/** Waits for all three even when one fails, so that no read still uses a connection afterwards. */
async function all<A, B, C>(a: Promise<A>, b: Promise<B>, c: Promise<C>): Promise<[A, B, C]> {
  await Promise.allSettled([a, b, c])
  return await Promise.all([a, b, c])
}
