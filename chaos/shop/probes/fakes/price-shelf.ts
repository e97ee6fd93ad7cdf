import type { Breach } from '#chaos/contracts/probe-report.ts'
import type { Product } from '#services/api/products/product.ts'
import type { ProductShelf, ReadProduct } from '#services/api/seams.ts'

import { endInWords, inWords } from '../contract-probe.ts'
import type { CallEnd, ProbeTools } from '../contract-probe.ts'

/** `refuses`: every command fails at once. `silent`: every command times out, as with the shop's client. */
export type CacheState = 'works' | 'refuses' | 'silent'

/** What a probe may change at any time. */
export interface ShelfState {
  get: CacheState
  put: CacheState
  /** The error of a cache that refuses. */
  error: Error
  /** The error of a database that fails. */
  postgresFails: Error | undefined
}

export interface PriceShelf {
  readonly shelf: ProductShelf
  readonly state: ShelfState
  /** Reads with the learner's function, and compares the result with what Postgres had at that time. */
  read(sku: string, fresh: boolean): Promise<Seen>
  readonly loadMs: number
}

export interface Seen {
  readonly breach: Breach | undefined
  readonly waitedMs: number
}

/** As the shop's client: REDIS_COMMAND_TIMEOUT_MS. */
const commandTimeoutMs = 500
/** CACHE_TTL_MS, and a tenth. */
const lifetimeMs = 11_000
/** For the time that a read and a write into the cache take. */
const slackMs = 1_000
/** The price changes so often that it tells its age. */
const priceEveryMs = 50
const priceFirst = 1_000
const callMaxMs = 20_000

/** When the product is in Postgres. */
export interface Shelved {
  readonly sku: string
  readonly fromMs?: number
  readonly untilMs?: number
}

/** A cache and a database whose prices change all the time. */
export async function createPriceShelf(
  tools: ProbeTools<ReadProduct>,
  shelved: readonly Shelved[],
  loadMs = 5,
): Promise<PriceShelf> {
  const state: ShelfState = {
    get: 'works',
    put: 'works',
    error: refused(),
    postgresFails: undefined,
  }
  const entries = new Map<string, { readonly product: Product; readonly expiresAtMs: number }>()
  const command = async (what: CacheState): Promise<void> => {
    if (what === 'works') return
    if (what === 'silent') await tools.sleep(commandTimeoutMs)
    throw what === 'silent' ? new Error('Command timed out') : state.error
  }
  const shelf: ProductShelf = {
    cache: {
      get: async (sku) => {
        await command(state.get)
        const entry = entries.get(sku)
        return entry !== undefined && entry.expiresAtMs > tools.now() ? entry.product : undefined
      },
      put: async (product) => {
        await command(state.put)
        entries.set(product.sku, { product, expiresAtMs: tools.now() + lifetimeMs })
      },
    },
    load: async (sku) => {
      // Postgres takes its snapshot when the query begins.
      const product = productAt(shelved, sku, tools.now())
      await tools.sleep(loadMs)
      if (state.postgresFails !== undefined) throw state.postgresFails
      return product
    },
    cacheFailed: () => undefined,
  }
  const readProduct = (await tools.load())(shelf)
  return {
    shelf,
    state,
    loadMs,
    async read(sku, fresh) {
      const beganMs = tools.now()
      const end = await endOf(tools, async () => await readProduct(sku, { fresh }))
      const endedMs = tools.now()
      const breach = judge(shelved, { sku, fresh, end, beganMs, endedMs })
      return { breach, waitedMs: endedMs - beganMs }
    },
  }
}

export function refused(): Error {
  return Object.assign(new Error('connect ECONNREFUSED 127.0.0.1:6379'), { code: 'ECONNREFUSED' })
}

/** Ends even if the work does not: several reads run at once, and none of them lets the time pass. */
async function endOf<T>(
  { sleep, now }: ProbeTools<ReadProduct>,
  work: () => Promise<T>,
): Promise<CallEnd<T>> {
  const beganMs = now()
  const ended = work().then(
    (value): CallEnd<T> => ({ how: 'returned', value, afterMs: now() - beganMs }),
    (error: unknown): CallEnd<T> => ({ how: 'threw', error, afterMs: now() - beganMs }),
  )
  return await Promise.race([ended, sleep(callMaxMs).then((): CallEnd<T> => ({ how: 'never' }))])
}

function productAt(shelved: readonly Shelved[], sku: string, nowMs: number): Product | undefined {
  const found = shelved.find((one) => one.sku === sku)
  if (found === undefined || !isThere(found, nowMs)) return undefined
  return { sku, name: sku, priceCents: priceFirst + Math.floor(nowMs / priceEveryMs), stock: 7 }
}

function isThere({ fromMs = 0, untilMs = Infinity }: Shelved, nowMs: number): boolean {
  return fromMs <= nowMs && nowMs < untilMs
}

/** The result must have been true at one time between the oldest that is allowed, and the end of the read. */
function judge(
  shelved: readonly Shelved[],
  read: {
    readonly sku: string
    readonly fresh: boolean
    readonly end: CallEnd<Product | undefined>
    readonly beganMs: number
    readonly endedMs: number
  },
): Breach | undefined {
  const { sku, fresh, end, beganMs, endedMs } = read
  const oldestMs = beganMs - (fresh ? 0 : lifetimeMs + slackMs)
  if (end.how !== 'returned') return { expected: `the product ${sku}`, actual: endInWords(end) }
  const { fromMs = 0, untilMs = Infinity } = shelved.find((one) => one.sku === sku) ?? {
    fromMs: Infinity,
  }
  const product = end.value
  if (product === undefined) {
    if (oldestMs < fromMs || endedMs >= untilMs) return undefined
    return { expected: `the product ${sku}`, actual: 'no product' }
  }
  if (product.sku !== sku || product.name !== sku || product.stock !== 7)
    return { expected: `the product ${sku}`, actual: inWords(product) }
  const pricedMs = (product.priceCents - priceFirst) * priceEveryMs
  const ageMs = endedMs - pricedMs
  if (pricedMs + priceEveryMs <= oldestMs)
    return {
      expected: fresh ? 'the price in Postgres' : `a price of the last ${lifetimeMs / 1_000} s`,
      actual: `the price of ${sku} is ${ageMs / 1_000} s old`,
    }
  if (untilMs < oldestMs)
    return { expected: `no product ${sku}: it is removed`, actual: inWords(product) }
  return undefined
}
