import { expect, test } from 'vitest'

import { system } from '#chaos/system.ts'

import { parseScenario } from '../scenario/parse-scenario.ts'
import { shopEnvironments } from './shop-environments.ts'

const scenario = parseScenario(
  `
title: set-up
workload: { orders: 1/s, duration: 1s }
shop:
  off: [reconciler, net_stock_never_negative]
  environment:
    api-1: { POOL: "1" }
    api: { POOL: "3", MODE: a }
expect: [no-lost-orders]
`,
  { file: 'scenario.yaml', system },
)

test('an instance gets the safety nets that are off, and the variables of its service and its own', () => {
  const environments = shopEnvironments({ id: 'r1', scenario }, {})
  const NETS_OFF = 'reconciler,net_stock_never_negative'
  expect(environments['api-1']).toEqual({ NETS_OFF, POOL: '1', MODE: 'a' })
  expect(environments['api-2']).toEqual({ NETS_OFF, POOL: '3', MODE: 'a' })
  expect(environments['payments']).toEqual({ NETS_OFF })
})

test('every instance gets the judged code; payments gets new books', () => {
  const exercise = { folder: '/somewhere/x', seams: ['place-order'] }
  const booksFile = (run: string) => `/books/${run}`
  const environments = shopEnvironments({ id: 'r1', scenario, exercise }, { booksFile })
  expect(environments['worker-1']).toMatchObject({
    EXERCISE_DIR: '/somewhere/x',
    EXPECTED_SEAMS: 'place-order',
  })
  expect(environments['payments']).toMatchObject({ BOOKS_FILE: '/books/r1' })
})
