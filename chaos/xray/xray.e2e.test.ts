import { expect, test } from 'vitest'

import { naiveCode, useRunCells } from './testing/run-cells.ts'

// xray.long.test.ts finds every kind of fault.
const runCells = useRunCells()

test('a bad cell runs three times, and the fault hits the same message each time', async () => {
  const exercise = naiveCode('double-charge', 'charge-order')
  const cells = await runCells(
    { exercise },
    [
      ['POST /charges', 'reply-cut'],
      ['POST /charges', 'callee-dies-after'],
    ],
    3,
  )
  expect(cells.map(({ result, confirmed }) => [result, confirmed])).toEqual([
    ['double-effect', '3/3'],
    ['double-effect', '3/3'],
  ])
})

test('the shop’s own code is good under the same faults', async () => {
  const cells = await runCells({}, [
    ['POST /charges', 'reply-cut'],
    ['POST /charges', 'callee-dies-after'],
    ['COMMIT', 'reply-cut'],
    ['COMMIT', 'caller-dies-after'],
    ['INSERT orders', 'request-cut'],
    ['bullmq addJob', 'caller-dies-before'],
    ['INSERT ledger_transactions', 'caller-dies-before'],
  ])
  // On a busy machine a retry may take long enough to be classified as slow.
  const retried = expect.stringMatching(/^ok-(retried|slow)$/)
  expect(cells.map(({ result }) => result)).toEqual([
    retried,
    retried,
    'ok-indeterminate',
    'ok-indeterminate',
    'ok-rejected',
    retried,
    retried,
  ])
})
