import { expect, test } from 'vitest'

import { createRandom } from '#chaos/lib/random.ts'

import { planOperations } from './plan.ts'
import { testWorkload } from './testing/test-workload.ts'

const plan = (over: Parameters<typeof testWorkload>[0], seed = 7) =>
  planOperations(testWorkload(over), createRandom(seed), '7f')

test('the same seed plans the same load, another seed another load', () => {
  const over = { ordersPerSecond: 20, browsePerSecond: 10 }
  expect(plan(over)).toEqual(plan(over))
  expect(plan(over, 8)).not.toEqual(plan(over))
})

test('arrivals have the planned rate, one in each slot, in time order', () => {
  const times = plan({ ordersPerSecond: 50, durationMs: 2_000 }).map(({ atMs }) => atMs)
  expect(times).toHaveLength(100)
  expect(times.every((ms, i) => ms >= i * 20 && ms < (i + 1) * 20)).toBe(true)
})

test('keys are unique and numbered by arrival', () => {
  const keys = plan({ ordersPerSecond: 20 }).map(({ key }) => key)
  expect(keys[16]).toBe('o-7f-000017')
  expect(new Set(keys).size).toBe(keys.length)
})

test('another browse rate does not change the orders', () => {
  const orders = (browsePerSecond: number) =>
    plan({ ordersPerSecond: 20, browsePerSecond }).filter(({ kind }) => kind === 'place-order')
  expect(orders(90)).toEqual(orders(0))
})

test('a duplicate has the same time and key, and another body if planned', () => {
  const same = plan({ ordersPerSecond: 10, duplicateShare: 1 })
  expect(same).toHaveLength(20)
  expect(same[0]).toEqual(same[1])
  const [first, second] = plan({
    ordersPerSecond: 10,
    duplicateShare: 1,
    duplicateOtherBodyShare: 1,
  })
  expect(second?.key).toBe(first?.key)
  expect(second?.quantity).not.toBe(first?.quantity)
  expect(second?.tags).toContain('other-body')
})

test('a huge order has the planned number of texts; those of a suspicious order are nearly the same', () => {
  const hugeOrders = [
    { order: 2, lines: 100, alike: false },
    { order: 4, lines: 100, alike: true },
  ]
  const [first, huge, , suspicious] = plan({ ordersPerSecond: 10, hugeOrders })
  expect(first?.lines).toBeUndefined()
  expect(huge).toMatchObject({ tags: ['huge'] })
  expect(new Set(huge?.lines).size).toBe(100)
  expect(suspicious).toMatchObject({ tags: ['huge', 'suspicious'] })
  expect(new Set(suspicious?.lines).size).toBe(100)
  expect(suspicious?.lines?.filter((line) => line.startsWith('Happy birthday'))).toHaveLength(96)
})

test('the different texts of a suspicious order can be first, last or spread', () => {
  const placesOf = (different: 'first' | 'last' | 'spread') => {
    const huge = { order: 1, lines: 100, alike: true, different }
    const lines = plan({ ordersPerSecond: 10, hugeOrders: [huge] })[0]?.lines ?? []
    return lines.flatMap((line, i) => (line.startsWith('Happy birthday') ? [] : [i]))
  }
  expect(placesOf('first')).toEqual([0, 1, 2, 3])
  expect(placesOf('last')).toEqual([96, 97, 98, 99])
  expect(placesOf('spread')).toEqual([24, 49, 74, 99])
})

test('a share of similar texts is spread over the order and makes it not suspicious', () => {
  const huge = { order: 1, lines: 100, alike: false, alikeShare: 0.7 }
  const [order] = plan({ ordersPerSecond: 10, hugeOrders: [huge] })
  const alike = (order?.lines ?? []).map((line) => line.startsWith('Happy birthday'))
  expect(alike.filter((is) => is)).toHaveLength(70)
  expect(alike.slice(0, 50).filter((is) => is)).toHaveLength(35)
  expect(order?.tags).toEqual(['huge'])
})

test('poison orders have ten control characters in turn, in three places of the text', () => {
  const poisonOrders = Array.from({ length: 10 }, (_, i) => i + 1)
  const orders = plan({ ordersPerSecond: 20, poisonOrders })
  const notes = orders.flatMap(({ note, tags }) => (tags.includes('poison') ? [note ?? ''] : []))
  const control = /[^\P{Cc}\n]/u
  expect(new Set(notes.map((note) => control.exec(note)?.[0])).size).toBe(10)
  const places = notes.map((note) => control.exec(note)?.index)
  expect(new Set(places)).toEqual(new Set([0, 12, 17]))
})

test('huge orders do not change other operations', () => {
  const usual = plan({ ordersPerSecond: 10 })
  const [, huge, ...others] = plan({
    ordersPerSecond: 10,
    hugeOrders: [{ order: 2, lines: 9, alike: false }],
  })
  expect(huge).toMatchObject({ key: usual[1]?.key, sku: usual[1]?.sku, atMs: usual[1]?.atMs })
  expect(others).toEqual(usual.slice(2))
})

test('operations on the product with most of the load are tagged hot, poison orders poison', () => {
  const operations = plan({
    ordersPerSecond: 100,
    skus: [
      { sku: 'tea', share: 0.9 },
      { sku: 'mug', share: 0.1 },
    ],
    poisonOrders: [3],
  })
  const hot = operations.filter(({ tags }) => tags.includes('hot'))
  expect(hot.every(({ sku }) => sku === 'tea')).toBe(true)
  expect(hot.length).toBeGreaterThan(70)
  expect(operations.flatMap(({ tags, key }) => (tags.includes('poison') ? [key] : []))).toEqual([
    'o-7f-000003',
  ])
})

test('a share of the orders is disputed, spread evenly, and the others stay the same', () => {
  const orders = plan({ ordersPerSecond: 20, disputedShare: 0.25 })
  const disputed = orders.filter(({ tags }) => tags.includes('disputed'))
  expect(disputed.map(({ key }) => Number(key?.slice(-6)))).toEqual([4, 8, 12, 16, 20])
  for (const { customer } of disputed) expect(customer).toMatch(/^disputed-./)
  const without = plan({ ordersPerSecond: 20 })
  expect(orders.map(({ customer }) => customer.replace('disputed-', ''))).toEqual(
    without.map(({ customer }) => customer),
  )
})
