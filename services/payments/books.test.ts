import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { expect, test } from 'vitest'

import { openBooks } from './books.ts'

const order = { orderId: 'o-1', customer: 'ann', amountCents: 900, idempotencyKey: 'charge:o-1' }

test('one key is one charge, with the same response every time', () => {
  const books = openBooks(undefined)
  const first = books.charge(order)
  expect(first).toMatchObject({
    replayed: false,
    charge: { orderId: 'o-1', amountCents: 900, status: 'captured', refundedCents: 0 },
  })
  expect(books.charge(order)).toEqual({ replayed: true, charge: first.charge })
  expect(books.findByKey('charge:o-1')).toEqual(first.charge)
  expect(books.findByKey('none')).toBeUndefined()
  expect(books.readAll().charges).toHaveLength(1)
})

test('refuses the same key for another amount', () => {
  const books = openBooks(undefined)
  books.charge(order)
  expect(() => books.charge({ ...order, amountCents: 901 })).toThrow('used for another charge')
  expect(books.readAll().charges).toHaveLength(1)
})

test('declines customers whose name begins with declined-', () => {
  const books = openBooks(undefined)
  expect(books.charge({ ...order, customer: 'declined-bob' }).charge.status).toBe('declined')
})

test('counts captured charges once, and again from the file when it reopens', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'unhappy-books-'))
  const file = join(folder, 'books.sqlite')
  const books = openBooks(file)
  books.charge(order)
  books.charge(order)
  books.charge({ ...order, customer: 'declined-bob', idempotencyKey: 'charge:o-2' })
  expect(books.captured()).toBe(1)
  books.close()
  const again = openBooks(file)
  again.charge({ ...order, idempotencyKey: 'charge:o-3' })
  expect(again.captured()).toBe(2)
  again.close()
  await rm(folder, { recursive: true })
})

test('records every request with its outcome', () => {
  const books = openBooks(undefined)
  books.charge(order)
  books.charge(order)
  expect(() => books.charge({ ...order, amountCents: 1 })).toThrow('another charge')
  books.charge({ ...order, customer: 'declined-bob', idempotencyKey: 'charge:o-2' })
  books.turnedAway(order)
  expect(books.readAll().chargeRequests.map(({ outcome }) => outcome)).toEqual([
    'charged',
    'replayed',
    'conflict',
    'declined',
    'overloaded',
  ])
})

test('refunds once per key, and never more than the charge', () => {
  const books = openBooks(undefined)
  const { charge } = books.charge(order)
  const refund = { chargeId: charge.id, amountCents: 600, idempotencyKey: 'refund:1' }
  expect(books.refund(refund).refundedCents).toBe(600)
  expect(books.refund(refund).refundedCents).toBe(600)
  expect(() => books.refund({ ...refund, amountCents: 1 })).toThrow('used for another refund')
  expect(() => books.refund({ ...refund, idempotencyKey: 'refund:2' })).toThrow('Only 300')
  expect(() => books.refund({ ...refund, chargeId: 'none' })).toThrow('no such charge')
  expect(books.readAll().charges[0]?.refundedCents).toBe(600)
})
