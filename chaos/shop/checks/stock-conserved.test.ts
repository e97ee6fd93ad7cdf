import { expect, test } from 'vitest'

import { orderRow, paidOrder, testEvidence } from '../testing/test-evidence.ts'
import { stockConserved } from './stock-conserved.ts'

const tea = { sku: 'tea', priceCents: 450, priceFence: 0 }
const products = (stock: number, initialStock = 100) => ({
  truth: { products: [{ ...tea, stock, initialStock }] },
})

test('holds when remaining stock and orders add up to the initial stock', () => {
  const back = paidOrder(2, { rows: [orderRow(2, { status: 'rejected' })] })
  const evidence = testEvidence([paidOrder(1), back], products(98))
  expect(stockConserved.judge(evidence, {})).toMatchObject({
    outcome: 'held',
    summary: expect.stringMatching(/1 product .*2 orders/),
  })
})

test('more stock in orders than the initial stock is oversold', () => {
  const evidence = testEvidence([paidOrder(1), paidOrder(2)], products(0, 3))
  expect(stockConserved.judge(evidence, {})).toMatchObject({
    outcome: 'violated',
    offenders: [{ id: 'tea', actual: expect.stringMatching(/oversold.*0 left .*4 in orders.*3/) }],
  })
})

test('missing and negative stock do not add up', () => {
  expect(stockConserved.judge(testEvidence([paidOrder(1)], products(90)), {}).outcome).toBe(
    'violated',
  )
  expect(stockConserved.judge(testEvidence([paidOrder(1)], products(-1, 1)), {}).outcome).toBe(
    'violated',
  )
})

test('is inconclusive without orders', () => {
  expect(stockConserved.judge(testEvidence([]), {}).outcome).toBe('inconclusive')
})
