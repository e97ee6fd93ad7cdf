import { expect, test } from 'vitest'

import { naiveCode, useOneStack } from './testing/one-stack.ts'

// xray.long.test.ts finds every kind of damage.
const look = useOneStack()

test('what is broken is run three times, and the same fault hits the same message each time', async () => {
  const exercise = naiveCode('double-charge', 'charge-order')
  const cells = await look(
    { exercise },
    [
      ['POST /charges', 'reply-cut'],
      ['POST /charges', 'callee-dies-after'],
    ],
    3,
  )
  expect(cells.map(({ verdict, confirmed }) => [verdict, confirmed])).toEqual([
    ['double-effect', '3/3'],
    ['double-effect', '3/3'],
  ])
})

test('the shop itself ends well wherever the same faults hit it', async () => {
  const cells = await look({}, [
    ['POST /charges', 'reply-cut'],
    ['POST /charges', 'callee-dies-after'],
    ['COMMIT', 'reply-cut'],
    ['COMMIT', 'caller-dies-after'],
    ['INSERT orders', 'request-cut'],
    ['bullmq addJob', 'caller-dies-before'],
    ['INSERT ledger_transactions', 'caller-dies-before'],
  ])
  expect(cells.map(({ verdict }) => verdict)).toEqual([
    'ok-retried',
    'ok-retried',
    'ok-indeterminate',
    'ok-indeterminate',
    'ok-rejected',
    'ok-retried',
    'ok-retried',
  ])
})
