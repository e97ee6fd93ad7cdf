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
  // On a busy machine a retry may take long enough to be called slow.
  const retried = expect.stringMatching(/^ok-(retried|slow)$/)
  expect(cells.map(({ verdict }) => verdict)).toEqual([
    retried,
    retried,
    'ok-indeterminate',
    'ok-indeterminate',
    'ok-rejected',
    retried,
    retried,
  ])
})
