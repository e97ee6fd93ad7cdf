import { expect, test } from 'vitest'

import { stockConserved } from './stock-conserved.ts'
import { orderRow, paidOrder, testEvidence } from './testing/test-evidence.ts'

const tea = { sku: 'tea', priceCents: 450, priceFence: 0 }
const products = (stock: number, initialStock = 100) => ({
  truth: { products: [{ ...tea, stock, initialStock }] },
})

test('holds when what is left and what orders hold is what there was', () => {
  const back = paidOrder(2, { rows: [orderRow(2, { status: 'rejected' })] })
  const evidence = testEvidence([paidOrder(1), back], products(98))
  expect(stockConserved.judge(evidence, {})).toMatchObject({
    outcome: 'held',
    summary: 'Stock adds up for 1 product and 2 orders.',
  })
})

test('selling more than there was is named so', () => {
  const evidence = testEvidence([paidOrder(1), paidOrder(2)], products(0, 3))
  expect(stockConserved.judge(evidence, {})).toMatchObject({
    outcome: 'violated',
    offenders: [{ id: 'tea', actual: 'oversold: 0 left and 4 in orders, of 3' }],
  })
})

test('stock that vanished or went negative does not add up', () => {
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
