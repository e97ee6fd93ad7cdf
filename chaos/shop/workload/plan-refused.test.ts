import { expect, test } from 'vitest'

import { createRandom } from '#chaos/lib/random.ts'

import { planOperations } from './plan.ts'
import { testWorkload } from './testing/test-workload.ts'

const plan = (over: Parameters<typeof testWorkload>[0], seed = 7) =>
  planOperations(testWorkload(over), createRandom(seed), '7f')
const tagged = (operations: ReturnType<typeof plan>, tag: string) =>
  operations.filter(({ tags }) => tags.includes(tag))

test('operations that are refused come in addition, and every tag occurs', () => {
  const over = { ordersPerSecond: 20, browsePerSecond: 10, quotesPerSecond: 5, durationMs: 4_000 }
  const usual = plan(over)
  const more = plan({ ...over, refused: true, declinedShare: 0.05 })
  expect(
    more.filter((operation) =>
      usual.some((one) => one.key === operation.key && one.atMs === operation.atMs),
    ),
  ).toEqual(usual)
  const extra = more.filter(({ tags }) => tags.length > 0)
  expect(extra.length).toBeLessThanOrEqual(usual.length * 0.06 + 8)
  for (const tag of ['unknown-product', 'bad-quantity', 'reused-key', 'declined'])
    expect(tagged(more, tag).length).toBeGreaterThan(0)
  expect(tagged(plan({ ...over, refused: true }), 'declined')).toEqual([])
})

test('a reused key belongs to an order that was sent before, and has another body', () => {
  const operations = plan({ ordersPerSecond: 20, durationMs: 4_000, refused: true })
  expect(tagged(operations, 'reused-key').length).toBeGreaterThan(0)
  for (const reused of tagged(operations, 'reused-key')) {
    const first = operations.find(({ key, tags }) => key === reused.key && tags.length === 0)
    expect(first?.atMs).toBeLessThanOrEqual(reused.atMs - 800)
    expect(first?.quantity).not.toBe(reused.quantity)
  }
})

test('unknown products, empty quantities and declined customers are what their tags say', () => {
  const operations = plan({
    ordersPerSecond: 20,
    durationMs: 4_000,
    refused: true,
    declinedShare: 0.05,
  })
  expect(tagged(operations, 'unknown-product')[0]?.sku).toBe('no-such-product')
  expect(tagged(operations, 'bad-quantity')[0]?.quantity).toBe(0)
  expect(tagged(operations, 'declined')[0]?.customer).toMatch(/^declined-/)
})

test('ordinary orders have notes and names in many letters; only a poison order has a control character', () => {
  const orders = plan({ ordersPerSecond: 50, durationMs: 2_000, poisonOrders: [5] })
  const notes = orders.flatMap(({ note, tags }) => (note === undefined ? [] : [{ note, tags }]))
  expect(notes.length).toBeGreaterThan(20)
  const unprintable = /[^\P{Cc}\n]/u
  for (const { note, tags } of notes) expect(unprintable.test(note)).toBe(tags.includes('poison'))
  expect(orders.some(({ customer }) => /[äöüß]/.test(customer))).toBe(true)
  expect(orders.some(({ customer }) => /\p{Script=Han}/u.test(customer))).toBe(true)
})
