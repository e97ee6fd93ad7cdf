import { expect, test } from 'vitest'

import type { QuoteDesk } from '../seams.ts'
import { quoteOrder } from './quote-order.ts'

const card = { method: 'card', feeCents: 9 }
const invoice = { method: 'invoice', feeCents: 0 }
const desk = (askForMethods: QuoteDesk['askForMethods']): QuoteDesk => ({
  database: {} as QuoteDesk['database'],
  findProduct: async (_database, sku) => ({ sku, name: sku, priceCents: 450, stock: 1 }),
  askForMethods,
  ownMethods: [invoice],
})
const request = { sku: 'tea', quantity: 2 }

test('returns the price and the payment methods', async () => {
  const quote = await quoteOrder(
    request,
    desk(async () => [card]),
  )
  expect(quote).toEqual({ ...request, amountCents: 900, paymentMethods: [card], complete: true })
})

test('without payments, returns only the payment methods of the shop', async () => {
  const quote = await quoteOrder(
    request,
    desk(async () => await Promise.reject(new Error('away'))),
  )
  expect(quote).toEqual({
    ...request,
    amountCents: 900,
    paymentMethods: [invoice],
    complete: false,
  })
})
