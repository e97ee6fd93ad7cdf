import type { Redis } from 'ioredis'
import { expect, test } from 'vitest'

import { loadProduct } from './find-product.ts'
import { createProductCache } from './product-cache.ts'

const tea = { sku: 'tea', name: 'Tea', priceCents: 450, stock: 3 }

async function cached(text: string | null, nowMs = 0): Promise<unknown> {
  const redis = { get: async () => text } as unknown as Redis
  const options = { ttlMs: 1_000, load: async () => undefined, now: () => nowMs }
  return await createProductCache(redis, options).cache.get('tea')
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

test.for([
  ['in its time', 1_100, tea],
  ['older than the promise', 1_101, undefined],
  ['from an instance whose clock is a little ahead', -1_000, tea],
  ['from an instance whose clock is far ahead', -1_001, undefined],
] as const)('an entry %s', async ([, nowMs, expected]) => {
  expect(await cached(JSON.stringify({ ...tea, readAtMs: 0 }), nowMs)).toEqual(expected)
})

test('the life of an entry begins before the database reads the row', async () => {
  const written: unknown[][] = []
  const redis = { set: async (...words: unknown[]) => void written.push(words) } as unknown as Redis
  let nowMs = 0
  const { load, cache } = createProductCache(redis, {
    ttlMs: 1_000,
    load: async () => {
      nowMs += 900
      return tea
    },
    now: () => nowMs,
  })
  const product = (await load('tea')) ?? tea
  await cache.put(product)
  const [key, text, unit, lifetimeMs] = written[0] ?? []
  expect([key, JSON.parse(String(text)), unit]).toEqual([
    'product:tea',
    { ...tea, readAtMs: 0 },
    'PX',
  ])
  expect(lifetimeMs).toBeGreaterThanOrEqual(100)
  expect(lifetimeMs).toBeLessThanOrEqual(200)
  nowMs = 1_101
  await cache.put(product)
  expect(written).toHaveLength(1)
})

test('a row that is another product is an error', async () => {
  const database = (row: object) => ({ query: async () => ({ rows: [row] }) }) as never
  expect(await loadProduct(database(tea), 'tea')).toEqual(tea)
  await expect(loadProduct(database({ ...tea, sku: 'mug' }), 'tea')).rejects.toThrow('tea')
})
