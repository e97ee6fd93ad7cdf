import { expect, test, vi } from 'vitest'

import type { Product } from '../products/product.ts'
import { readProduct } from './read-product.ts'

const tea = { sku: 'tea', name: 'Tea', priceCents: 450, stock: 3 }
const shelf = (over: Partial<Parameters<typeof readProduct>[0]> = {}) => {
  const load = vi.fn<() => Promise<Product | undefined>>(async () => tea)
  const put = vi.fn<(product: Product) => Promise<void>>(async () => {})
  const cacheFailed = vi.fn<(error: unknown) => undefined>()
  const shop = { cache: { get: async () => undefined, put }, load, cacheFailed, ...over }
  return { shop, load, put, cacheFailed }
}
const cached = { fresh: false }

test('a cached product is not loaded, unless the request is for a fresh one', async () => {
  const { shop, load } = shelf({ cache: { get: async () => tea, put: async () => {} } })
  const read = readProduct(shop)
  expect(await read('tea', cached)).toEqual(tea)
  expect(load).not.toHaveBeenCalled()
  expect(await read('tea', { fresh: true })).toEqual(tea)
  expect(load).toHaveBeenCalledOnce()
})

test('simultaneous misses share one load, and a later miss loads again', async () => {
  const { shop, load, put } = shelf()
  const read = readProduct(shop)
  const all = await Promise.all(Array.from({ length: 50 }, async () => await read('tea', cached)))
  expect(all).toEqual(Array.from({ length: 50 }, () => tea))
  expect(load).toHaveBeenCalledOnce()
  await read('tea', cached)
  expect(load).toHaveBeenCalledTimes(2)
  expect(put).toHaveBeenCalledWith(tea)
})

test('a failed cache is a miss', async () => {
  const broken = async (): Promise<never> => await Promise.reject(new Error('away'))
  const { shop, cacheFailed } = shelf({ cache: { get: broken, put: broken } })
  expect(await readProduct(shop)('tea', cached)).toEqual(tea)
  await expect.poll(() => cacheFailed).toHaveBeenCalledTimes(2)
})

test('a failed load fails every request that waits for it, and no later one', async () => {
  const { shop, load } = shelf()
  load.mockRejectedValueOnce(new Error('no database'))
  const read = readProduct(shop)
  const both = await Promise.allSettled([read('tea', cached), read('tea', cached)])
  expect(both.map(({ status }) => status)).toEqual(['rejected', 'rejected'])
  expect(await read('tea', cached)).toEqual(tea)
})

test('an unknown product is not cached', async () => {
  const { shop, load, put } = shelf()
  load.mockResolvedValue(undefined)
  expect(await readProduct(shop)('none', cached)).toBeUndefined()
  expect(put).not.toHaveBeenCalled()
})
