import type { Breach } from '#chaos/contracts/probe-report.ts'
import type { PriceDesk, PublishPrices } from '#services/worker/seams.ts'

import type { ProbeTools, Undecided } from '../contract-probe.ts'
import { createProcess, limits } from './fake-process.ts'
import type { FakeProcess, Intercept } from './fake-process.ts'
import type { FakeRedis } from './fake-redis.ts'
import { Session } from './sql/session.ts'
import { Store } from './sql/store.ts'

/** As the lab's workers have it. */
export const lockMs = 300
const products = ['tea', 'mug', 'kettle']
const firstEdition = 1_000

/** The shop's products, and every price that customers could see. */
export interface PriceShop {
  readonly store: Store
  /** The newest edition that all products have had. */
  readonly published: number
  /** The first price that went back, or the first mix of two lists. */
  readonly breach: { readonly kind: 'went back' | 'mixed'; readonly what: Breach } | undefined
  /** The price list that is current now. Each one that is read is newer. */
  readPriceList(): Awaited<ReturnType<PriceDesk['readPriceList']>>
  /** An order takes a print of the first product, and commits later. */
  order(forMs: number): Promise<void>
}

export async function createPriceShop(
  tools: Pick<ProbeTools<unknown>, 'sleep' | 'call'>,
): Promise<PriceShop> {
  const store = new Store()
  const owner = new Session(store, tools, limits)
  await tools.call(async () => {
    for (const sku of products)
      await owner.run(
        'INSERT INTO products (sku, name, price_cents, stock, initial_stock) VALUES ($1, $1, 1, 10, 10)',
        [sku],
      )
  }, 1_000)
  let edition = firstEdition
  let published = 0
  let breach: PriceShop['breach']
  store.onCommit = () => {
    const editions = store.committed('products').map(({ price_cents: cents }) => editionOf(cents))
    const [oldest, newest] = [Math.min(...editions), Math.max(...editions)]
    if (oldest < published)
      breach ??= {
        kind: 'went back',
        what: {
          expected: `no price before edition ${published}, which customers have seen`,
          actual: `a price of edition ${oldest}`,
        },
      }
    if (oldest !== newest)
      breach ??= {
        kind: 'mixed',
        what: {
          expected: 'all prices of one list at the same moment',
          actual: `prices of the editions ${oldest} and ${newest}`,
        },
      }
    published = Math.max(published, newest)
  }
  return {
    store,
    get published() {
      return published
    },
    get breach() {
      return breach
    },
    readPriceList: () => {
      edition += 1
      const prices = products.map((sku, index) => ({ sku, priceCents: 10 * edition + index }))
      return { edition, prices }
    },
    order: async (forMs) => {
      await owner.run('BEGIN')
      await owner.run(`UPDATE products SET stock = stock - 1 WHERE sku = 'tea'`)
      await tools.sleep(forMs)
      await owner.run('COMMIT')
    },
  }
}

/** The price says which list it comes from. */
const editionOf = (cents: unknown): number => Math.floor(Number(cents) / 10)

/** Decides what happens to one call of a worker: to Redis, to Postgres, or for the price list. */
export type Fate = <T>(call: {
  /** 1 is the first call of the worker. */
  readonly number: number
  readonly kind: 'redis' | 'postgres' | 'list'
  readonly run: () => Promise<T>
}) => Promise<T>

export interface PriceWorker {
  readonly process: FakeProcess
  /** Publishes again and again, as the worker does. Ends when `isOver` is true. */
  run(everyMs: number, isOver: () => boolean): void
  /** One round. Never rejects. */
  publish(): Promise<unknown>
  undecided(): Undecided | undefined
}

export async function createPriceWorker(
  tools: ProbeTools<PublishPrices>,
  shop: PriceShop,
  redis: FakeRedis,
  fate: Fate = async ({ run }) => await run(),
  intercept?: Intercept,
): Promise<PriceWorker> {
  const publishPrices = await tools.load()
  let number = 0
  const call = async <T>(
    kind: 'redis' | 'postgres' | 'list',
    run: () => Promise<T>,
  ): Promise<T> => {
    number += 1
    return await fate({ number, kind, run })
  }
  const process = createProcess(
    tools,
    shop.store,
    async (statement) =>
      await call('postgres', async () =>
        intercept === undefined ? await statement.run() : await intercept(statement),
      ),
  )
  const client = new Proxy(redis.redis, {
    get: (target, name) => {
      const command: unknown = Reflect.get(target, name)
      if (typeof command !== 'function') return command
      return async (...given: unknown[]): Promise<unknown> =>
        await call('redis', async () => (await command(...given)) as unknown)
    },
  })
  const desk: PriceDesk = {
    redis: client,
    database: process.database,
    lockMs,
    readPriceList: async () =>
      await call('list', async () => {
        await tools.sleep(1)
        return shop.readPriceList()
      }),
  }
  const publish = async (): Promise<unknown> => {
    try {
      return await publishPrices(desk)
    } catch (error) {
      return error
    }
  }
  return {
    process,
    publish,
    run: (everyMs, isOver) => {
      const rounds = async (): Promise<void> => {
        while (!isOver()) {
          await publish()
          await tools.sleep(everyMs)
        }
      }
      void rounds()
    },
    undecided: () => redis.undecided() ?? process.undecided(),
  }
}

/** Stops a process at one of its calls. Until it is thawed, none of its calls continues. */
export function createFreezer(
  at: number,
  when: 'before' | 'after',
): { readonly fate: Fate; readonly thaw: () => void; readonly isFrozen: () => boolean } {
  const thawed = Promise.withResolvers<true>()
  let isFrozen = false
  const stop = async (): Promise<void> => {
    if (isFrozen) await thawed.promise
  }
  const fate: Fate = async ({ number, run }) => {
    if (number === at && when === 'before') isFrozen = true
    await stop()
    const result = await run()
    if (number === at && when === 'after') isFrozen = true
    await stop()
    return result
  }
  return {
    fate,
    thaw: () => {
      isFrozen = false
      thawed.resolve(true)
    },
    isFrozen: () => isFrozen,
  }
}
