import { expect, test } from 'vitest'

import { writeOrderMessage } from '#services/lib/seams/write-order-message.ts'

import { readOrderMessage } from './read-order-message.ts'

const order = { orderId: 'o-1.aaaaaa', amountCents: 1_999 }

test('reads the messages of the current writer', () => {
  expect(readOrderMessage(writeOrderMessage({ id: order.orderId, amountCents: 1_999 }))).toEqual(
    order,
  )
})

test('reads the previous version, which has major units only, to the cent', () => {
  const before = { version: 1, orderId: order.orderId, amount: 19.99 }
  expect(readOrderMessage(before)).toEqual(order)
})

test('the previous reader understands the current messages', () => {
  expect(writeOrderMessage({ id: order.orderId, amountCents: 1_999 })).toMatchObject({
    version: 1,
    orderId: order.orderId,
    amount: 19.99,
  })
})

test('reads the next version, and ignores unknown fields', () => {
  expect(readOrderMessage({ version: 2, ...order, colour: 'blue' })).toEqual(order)
})

test('every other message is unreadable', () => {
  expect(readOrderMessage({ version: 3, ...order })).toEqual({ unreadable: 'message version 3' })
  expect(readOrderMessage({ ...order })).toEqual({ unreadable: 'message version undefined' })
  expect(readOrderMessage({ version: 2, orderId: order.orderId })).toHaveProperty('unreadable')
  expect(readOrderMessage({ version: 1, amount: 3 })).toHaveProperty('unreadable')
})
