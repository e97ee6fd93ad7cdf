import type { ReserveStock } from '#services/api/seams.ts'
import { Refusal } from '#services/lib/refusal.ts'

import { endInWords } from '../contract-probe.ts'
import type { ProbeTools } from '../contract-probe.ts'
import { createProcess, limits, throwUnknown } from './fake-process.ts'
import type { FakeProcess, Intercept } from './fake-process.ts'
import { Session } from './sql/session.ts'
import { Store } from './sql/store.ts'

/** As in the lab: the safety net is off. */
const off = ['net_stock_never_negative']

/** How the order is written around `take`. */
export type Writes = 'before' | 'after'

export type SaleEnd =
  | { readonly how: 'sold' | 'sold out' | 'never' }
  | { readonly how: 'failed'; readonly error: unknown }

/** An instance of the API with its own pool and its own instance of the learner's module. */
export interface Seller {
  readonly process: FakeProcess
  begin(quantity: number, writes?: Writes, failure?: Error): Promise<SaleEnd>
  /** Sells, and lets the time pass until it has ended. */
  sell(quantity: number, writes?: Writes, failure?: Error): Promise<SaleEnd>
}

export interface StockShop {
  readonly store: Store
  readonly stock: number
  /** How many prints the committed orders have. */
  readonly ordered: number
  /** Changes the stock in a transaction of its own, as other processes do. Gives up at once if it is locked. */
  change(by: number): Promise<boolean>
}

export async function createStockShop(
  tools: Pick<ProbeTools<unknown>, 'sleep' | 'call'>,
  initial: number,
): Promise<StockShop> {
  const store = new Store(off)
  const owner = new Session(store, tools, { ...limits, lockTimeoutMs: 0 })
  await tools.call(
    async () =>
      await owner.run(
        `INSERT INTO products (sku, name, price_cents, stock, initial_stock) VALUES ('limited', 'Print', 1200, $1, $1)`,
        [initial],
      ),
    1_000,
  )
  return {
    store,
    get stock() {
      return Number(store.committed('products')[0]?.['stock'])
    },
    get ordered() {
      return store.committed('orders').reduce((sum, { quantity }) => sum + Number(quantity), 0)
    },
    change: async (by) => {
      try {
        await owner.run(`UPDATE products SET stock = stock + $1 WHERE sku = 'limited'`, [by])
        return true
      } catch {
        return false
      }
    },
  }
}

const limitMs = 20_000
let orders = 0

export async function createSeller(
  tools: ProbeTools<ReserveStock>,
  store: Store,
  intercept?: Intercept,
): Promise<Seller> {
  const reserveStock = await tools.load()
  const process = createProcess(tools, store, intercept)
  const place = async (quantity: number, writes: Writes, failure?: Error): Promise<SaleEnd> =>
    await reserveStock(
      { sku: 'limited', quantity },
      process.database,
      async (transaction, take): Promise<SaleEnd> => {
        const write = async (): Promise<void> => {
          orders += 1
          await transaction.query(
            `INSERT INTO orders (id, client_key, customer, sku, quantity, amount_cents, status)
             VALUES ($1, $1, 'ann', 'limited', $2, 1200, 'placed')`,
            [`o-${orders}`, quantity],
          )
        }
        if (writes === 'before') await write()
        if (!(await take()))
          throw new Refusal('sold-out', 'Sold out.', { status: 409, definite: true })
        if (writes === 'after') await write()
        if (failure !== undefined) throw failure
        return { how: 'sold' }
      },
    )
  const begin: Seller['begin'] = async (quantity, writes = 'before', failure) => {
    try {
      return await place(quantity, writes, failure)
    } catch (error) {
      if (error instanceof Refusal && error.code === 'sold-out') return { how: 'sold out' }
      return { how: 'failed', error }
    }
  }
  return {
    process,
    begin,
    async sell(...given) {
      const end = await tools.call(async () => await begin(...given), limitMs)
      throwUnknown(process)
      return end.how === 'returned' ? end.value : { how: 'never' }
    },
  }
}

export function saleInWords(end: SaleEnd): string {
  if (end.how === 'failed') return endInWords({ how: 'threw', error: end.error, afterMs: 0 })
  return end.how === 'never' ? 'it did not end' : end.how
}
