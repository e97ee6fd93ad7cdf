import { expect, test } from 'vitest'

import { plantedCode, useRunCells } from './testing/run-cells.ts'

// planted-faults.verify.test.ts plants a fault for each bad result; `npm run verify -- --only tests` runs it.
const runCells = useRunCells()

test('finds an order that is lost in code that forgets it', async () => {
  const exercise = plantedCode('fire-and-forget', 'place-order')
  const [found] = await runCells({ exercise, off: ['reconciler'] }, [
    ['bullmq addJob', 'request-silent'],
  ])
  expect(found).toMatchObject({ result: 'lost' })
  expect(found?.story).toContain('bullmq addJob')
  expect(found?.history?.some(({ kind }) => kind === 'fault')).toBe(true)
})

test('a bad cell runs three times, and the fault hits the same message each time', async () => {
  const exercise = plantedCode('double-charge', 'charge-order')
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
  expect(cells.map(({ result }) => result)).toEqual([
    'ok-retried',
    'ok-retried',
    'ok-indeterminate',
    'ok-indeterminate',
    'ok-rejected',
    'ok-retried',
    'ok-retried',
  ])
})
