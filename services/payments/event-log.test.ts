import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { expect, test } from 'vitest'

import { openBooks } from './books.ts'

const order = { orderId: 'o-1', customer: 'ann', amountCents: 900, idempotencyKey: 'charge:o-1' }
const disputed = { ...order, customer: 'disputed-ann' }
const times = { settleAfterMs: 1_000, disputeAfterMs: 1_000 }
const later = (ms: number): number => Date.now() + ms

function open(file?: string) {
  const books = openBooks(file, times)
  if (books.events === undefined) throw new Error('These books must have events.')
  return { books, events: books.events }
}

test('a captured charge settles later, and a disputed one is refunded after that', () => {
  const { books, events } = open()
  books.charge(disputed)
  expect(events.readAll().map(({ type }) => type)).toEqual(['charge.captured'])
  expect(events.count()).toBe(3)
  events.happen(later(1_500))
  expect(books.findByKey('charge:o-1')?.refundedCents).toBe(0)
  events.happen(later(2_500))
  expect(
    events.readAll().map(({ type, sequence, amountCents }) => [type, sequence, amountCents]),
  ).toEqual([
    ['charge.captured', 1, 900],
    ['charge.settled', 2, 900],
    ['charge.refunded', 3, 900],
  ])
  expect(books.findByKey('charge:o-1')?.refundedCents).toBe(900)
  expect([events.count(), events.nextMs()]).toEqual([3, expect.any(Number)])
})

test('a replay and a declined charge add no event, a refund on request adds one', () => {
  const { books, events } = open()
  const { charge } = books.charge(order)
  books.charge(order)
  books.charge({ ...order, customer: 'declined-ann', idempotencyKey: 'charge:o-2' })
  expect(events.count()).toBe(2)
  const refund = { chargeId: charge.id, amountCents: 400, idempotencyKey: 'refund:1' }
  books.refund(refund)
  books.refund(refund)
  expect(events.readAll()).toMatchObject([
    { type: 'charge.captured', orderId: 'o-1', chargeId: charge.id },
    { type: 'charge.refunded', amountCents: 400, sequence: 2 },
  ])
})

test('a dispute returns only what is left, and adds no event if nothing is', () => {
  const { books, events } = open()
  const { charge } = books.charge(disputed)
  books.refund({ chargeId: charge.id, amountCents: 900, idempotencyKey: 'refund:1' })
  events.happen(later(5_000))
  expect(events.readAll().map(({ type }) => type)).toEqual([
    'charge.captured',
    'charge.refunded',
    'charge.settled',
  ])
  expect(events.count()).toBe(3)
})

test('an event is taken once, is due again without an outcome, and ends when it is delivered or given up', () => {
  const { books, events } = open()
  books.charge(order)
  books.charge({ ...order, idempotencyKey: 'charge:o-2' })
  const taken = events.takeDue(later(1), 10, later(3_000))
  expect(taken.map(({ attempts }) => attempts)).toEqual([1, 1])
  expect(events.takeDue(later(2), 10, later(3_000))).toEqual([])
  const [first, second] = taken
  events.delivered(first?.number ?? 0)
  expect(events.takeDue(later(4_000), 10, later(9_000))).toMatchObject([
    { number: second?.number, attempts: 2 },
  ])
  events.failed(second?.number ?? 0, undefined)
  expect(events.takeDue(later(99_000), 10, later(99_000))).toEqual([])
  expect(events.readAll()).toMatchObject([
    { attempts: 1, closed: true, deliveredAt: expect.any(String) },
    { attempts: 2, closed: true, deliveredAt: null },
  ])
})

test('lists pages, and the events of one charge', () => {
  const { books, events } = open()
  const charges = ['a', 'b', 'c'].map(
    (key) => books.charge({ ...order, orderId: key, idempotencyKey: key }).charge,
  )
  events.happen(later(1_500))
  const first = events.list({ after: 0, limit: 4 })
  const rest = events.list({ after: first.at(-1)?.number ?? 0, limit: 4 })
  expect([first.length, rest.length]).toEqual([4, 2])
  const chargeId = charges[1]?.id ?? ''
  expect(events.list({ after: 0, limit: 4, chargeId }).map(({ type }) => type)).toEqual([
    'charge.captured',
    'charge.settled',
  ])
})

test('planned and undelivered events are still there when the file opens again', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'unhappy-events-'))
  const file = join(folder, 'books.sqlite')
  const before = open(file)
  before.books.charge(disputed)
  before.books.close()
  const { books, events } = open(file)
  expect(events.count()).toBe(3)
  events.happen(later(5_000))
  expect(events.takeDue(later(5_000), 10, later(9_000))).toHaveLength(3)
  books.close()
  await rm(folder, { recursive: true })
})

test('books without times have no events', () => {
  const books = openBooks(undefined)
  books.charge(disputed)
  expect(books.events).toBeUndefined()
  expect(books.readAll().events).toBeUndefined()
})
