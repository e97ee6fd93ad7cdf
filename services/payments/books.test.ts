import { expect, test } from 'vitest'

import { openBooks } from './books.ts'

const order = { orderId: 'o-1', customer: 'ann', amountCents: 900, idempotencyKey: 'charge:o-1' }

test('one key is one charge, and the same answer every time', () => {
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

test('the same key for another amount is refused', () => {
  const books = openBooks(undefined)
  books.charge(order)
  expect(() => books.charge({ ...order, amountCents: 901 })).toThrow('used for another charge')
  expect(books.readAll().charges).toHaveLength(1)
})

test('customers whose name begins with declined- are declined', () => {
  const books = openBooks(undefined)
  expect(books.charge({ ...order, customer: 'declined-bob' }).charge.status).toBe('declined')
})

test('every request is noted with what became of it', () => {
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

test('refunds once per key, and never more than was charged', () => {
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
