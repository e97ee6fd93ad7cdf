import type { Redis } from 'ioredis'
import { expect, test } from 'vitest'

import { loadProduct } from './find-product.ts'
import { createProductCache } from './product-cache.ts'

const tea = { sku: 'tea', name: 'Tea', priceCents: 450, stock: 3 }

async function cached(text: string | null): Promise<unknown> {
  const redis = { get: async () => text } as unknown as Redis
  return await createProductCache(redis, 1_000).get('tea')
}

test('an entry that is the product is a hit', async () => {
  expect(await cached(JSON.stringify(tea))).toEqual(tea)
})

test.for([
  ['no entry', null],
  ['another product', JSON.stringify({ ...tea, sku: 'mug' })],
  ['a product without a price', JSON.stringify({ ...tea, priceCents: undefined })],
  ['a price as text', JSON.stringify({ ...tea, priceCents: '450' })],
  ['null', 'null'],
  ['half an object', '{"sku":"tea"'],
])('%s is a miss', async ([, text]) => {
  expect(await cached(text ?? null)).toBeUndefined()
})

test('a row that is another product is an error', async () => {
  const database = (row: object) => ({ query: async () => ({ rows: [row] }) }) as never
  expect(await loadProduct(database(tea), 'tea')).toEqual(tea)
  await expect(loadProduct(database({ ...tea, sku: 'mug' }), 'tea')).rejects.toThrow('tea')
})
