import { afterEach, beforeEach, expect, test, vi } from 'vitest'

import type { Product } from '#services/api/products/product.ts'
import type { ReadProduct } from '#services/api/seams.ts'

import type { ProbeTools } from '../contract-probe.ts'
import { createPriceShelf } from './price-shelf.ts'
import type { PriceShelf, Seen } from './price-shelf.ts'

beforeEach(() => void vi.useFakeTimers({ now: 0 }))
afterEach(() => void vi.useRealTimers())

const tools = (readProduct: ReadProduct): ProbeTools<ReadProduct> => ({
  load: async () => readProduct,
  now: () => Date.now(),
  sleep: async (milliseconds) =>
    await new Promise((resolve) => void setTimeout(resolve, milliseconds)),
  pass: async (milliseconds) => void (await vi.advanceTimersByTimeAsync(milliseconds)),
  pause: () => expect.fail('the shelf stops no event loop'),
  call: () => expect.fail('the shelf calls without a limit of the time'),
  crash: () => undefined,
})

const product = (priceCents: number): Product => ({
  sku: 'tea',
  name: 'tea',
  priceCents,
  stock: 7,
})
/** The price is 1,000 at the start, and one more every 50 ms. */
const priceAfter = (milliseconds: number): number => 1_000 + milliseconds / 50

async function readAt(shelf: PriceShelf, atMs: number, fresh = false): Promise<Seen> {
  await vi.advanceTimersByTimeAsync(atMs - Date.now())
  const seen = shelf.read('tea', fresh)
  await vi.advanceTimersByTimeAsync(30_000)
  return await seen
}

const always =
  (value: Product | undefined): ReadProduct =>
  () =>
  async () =>
    value

test.each([
  ['the price in force', product(priceAfter(20_000)), 20_000, false, true],
  ['a price of an entry of the cache', product(priceAfter(9_000)), 20_000, false, true],
  ['a price of 13 s ago', product(priceAfter(7_000)), 20_000, false, false],
  ['an older price with fresh=1', product(priceAfter(19_800)), 20_000, true, false],
  ['another product', { ...product(priceAfter(20_000)), sku: 'mug' }, 20_000, false, false],
  ['no product', undefined, 20_000, false, false],
])('%s', async (_name, value, atMs, fresh, isRight) => {
  const shelf = await createPriceShelf(tools(always(value)), [{ sku: 'tea' }])
  expect((await readAt(shelf, atMs, fresh)).breach === undefined).toBe(isRight)
})

test.each([
  ['is added', { fromMs: 10_000 }, undefined, 15_000, true],
  ['has been added long ago', { fromMs: 10_000 }, undefined, 23_000, false],
  ['is removed', { untilMs: 10_000 }, product(priceAfter(9_900)), 15_000, true],
  ['has been removed long ago', { untilMs: 10_000 }, product(priceAfter(23_000)), 23_000, false],
])('a product that %s', async (_name, times, value, atMs, isRight) => {
  const shelf = await createPriceShelf(tools(always(value)), [{ sku: 'tea', ...times }])
  expect((await readAt(shelf, atMs)).breach === undefined).toBe(isRight)
})

test('a read that does not end is a breach', async () => {
  const never: ReadProduct = () => async () => await new Promise<never>(() => undefined)
  const shelf = await createPriceShelf(tools(never), [{ sku: 'tea' }])
  expect((await readAt(shelf, 0)).breach?.actual).toBe('it did not end')
})

test('a silent cache fails after half a second', async () => {
  const cached: ReadProduct =
    ({ cache, load }) =>
    async (sku) =>
      (await cache.get(sku).catch(() => undefined)) ?? (await load(sku))
  const shelf = await createPriceShelf(tools(cached), [{ sku: 'tea' }])
  shelf.state.get = 'silent'
  expect(await readAt(shelf, 0)).toEqual({ breach: undefined, waitedMs: 500 + shelf.loadMs })
})
