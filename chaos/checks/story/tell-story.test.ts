import { expect, test } from 'vitest'

import type { Evidence } from '#chaos/contracts/check.ts'
import type { EventPayload, SandboxEvent } from '#chaos/contracts/events.ts'
import type { ActiveFault } from '#chaos/contracts/fault.ts'
import type { Operation } from '#chaos/contracts/history.ts'

import { judgeExpectations } from '../lib/judge-expectations.ts'
import {
  at,
  charge,
  chargeRequest,
  orderOperation,
  orderRow,
  paidOrder,
  priceEvents,
  readOperation,
  testEvidence,
} from '../testing/test-evidence.ts'
import { tellStory } from './tell-story.ts'

const fault = (over: Partial<ActiveFault>): ActiveFault => ({
  id: 'f-1',
  kind: 'latency',
  targets: ['api-1:redis'],
  params: { latencyMs: 800 },
  mechanism: 'toxic',
  by: 'scenario',
  since: at(5),
  until: at(60_000),
  leaseMs: 60_000,
  ...over,
})
const event = (ms: number, happening: EventPayload): SandboxEvent => ({
  seq: ms,
  at: at(ms),
  ms,
  ...happening,
})
const crash = fault({ id: 'f-2', kind: 'crash', targets: ['api-1'], params: {}, since: at(60) })
const killed = {
  type: 'instance',
  instance: 'api-1',
  by: 'scenario',
  state: 'exited',
  signal: 'SIGKILL',
} as const
const journal = [
  event(5, { type: 'fault', what: 'injected', fault: fault({}) }),
  event(60, { type: 'fault', what: 'injected', fault: crash }),
  event(61, killed),
]
const retried = orderOperation(1, {
  endMs: 130,
  attempts: [
    { instance: 'api-1', startMs: 10, endMs: 62, error: 'connection closed', sent: true },
    { instance: 'api-2', startMs: 110, endMs: 130, status: 201, answerHash: 'a' },
  ],
})
const lost = paidOrder(1, {
  operations: [retried],
  rows: [orderRow(1, { status: 'placed' })],
  trail: ['placed'],
  charges: [],
  chargeRequests: [],
  ledger: [],
})

const tell = (evidence: Evidence, check: string, params = {}) =>
  tellStory(evidence, judgeExpectations(evidence, [{ check, params }]))
const asText = (story: ReturnType<typeof tell>) =>
  story?.lines.map(({ ms, who, text }) => `${(ms / 1_000).toFixed(2)} s  ${who}  ${text}`)

test('tells how an acknowledged order was lost', () => {
  const story = tell(testEvidence([lost], { journal }), 'no-lost-orders')
  expect(story?.about).toBe('Order o-7f-000001.ab12')
  expect(asText(story)).toEqual([
    '0.01 s  fault  latency on api-1:redis (latencyMs 800) begins',
    '0.01 s  client  sends order o-7f-000001 (2 x tea) to api-1',
    '0.01 s  api-1  writes the order to Postgres: `placed`',
    '0.06 s  fault  crash on api-1 begins',
    '0.06 s  api-1  is killed by the scenario (SIGKILL)',
    '0.06 s  client  loses the connection to api-1 (connection closed) before any answer: the order may exist or not',
    '0.11 s  client  tries again with the same key at api-2',
    '0.13 s  client  is told 201 by api-2: order o-7f-000001.ab12 is placed, 9.00. Acknowledged',
    '3.00 s  run  every fault is undone and every instance runs: what is wrong from now on stays wrong',
    '6.00 s  final  the order is `placed` in Postgres; no job in the queue; payments never heard of it; nothing in the ledger',
  ])
  expect(story?.expected).toMatch(/^acknowledged, so it ends as paid/)
  expect(story?.headline).toMatch(/^acknowledged, and nobody/)
})

test('tells who asked payments, and with which keys, when somebody was charged twice', () => {
  const twice = paidOrder(1, {
    charges: [charge(1), charge(1, { id: 'ch-2', idempotencyKey: 'second' })],
    chargeRequests: [
      chargeRequest(1),
      chargeRequest(1, { idempotencyKey: 'second', at: at(900) }),
      chargeRequest(1, { idempotencyKey: 'second', outcome: 'replayed', at: at(950) }),
    ],
  })
  const text = asText(tell(testEvidence([twice]), 'charged-at-most-once'))
  expect(text).toContain('0.05 s  payments  charges 9.00 (key o-7f-000001.ab12)')
  expect(text).toContain('0.90 s  payments  charges 9.00 (key second)')
  expect(text?.at(-1)).toContain('payments charged 9.00 and 9.00')
})

test('tells of one operation, the faults around it, and whether it was alone', () => {
  const browse = (id: number, outcome: Operation['outcome']) =>
    readOperation(id, 'browse', { startMs: 20 + id, outcome, ms: outcome === 'ok' ? 4 : 600 })
  const quote = readOperation(8, 'quote', { startMs: 12, ms: 700 })
  const operations = [quote, browse(1, 'fail'), browse(2, 'ok'), browse(3, 'fail')]
  const steadyOperations = [readOperation(90, 'browse', { ms: 3 })]
  const evidence = testEvidence([], { operations, steadyOperations, journal })
  const story = tell(evidence, 'availability', { of: 'browse', atLeast: 0.99 })
  expect(story?.about).toBe('Browse #1')
  expect(asText(story)).toEqual([
    '0.01 s  fault  latency on api-1:redis (latencyMs 800) begins',
    '0.02 s  client  asks api-1 for the product tea',
    '0.02 s  others  under way at api-1 by then, and not answered yet: 1 quote',
    '0.06 s  fault  crash on api-1 begins',
    '0.06 s  api-1  is killed by the scenario (SIGKILL)',
    '0.62 s  client  waits 600 ms for api-1, then stops waiting',
    '0.62 s  client  gives up after 600 ms',
    '0.62 s  others  2 of 3 browse within half a second of it did not succeed; their median wait was 600 ms; in the steady state it was 3 ms',
  ])
})

test('a fault that was over before, or began later, has no part in the story', () => {
  const over = [
    event(2, { type: 'fault', what: 'injected', fault: fault({ id: 'f-3', since: at(2) }) }),
    event(4, { type: 'fault', what: 'healed', fault: fault({ id: 'f-3', since: at(2) }) }),
    event(2_900, {
      type: 'fault',
      what: 'injected',
      fault: fault({ id: 'f-4', since: at(2_900) }),
    }),
  ]
  const story = tell(testEvidence([lost], { journal: over }), 'no-lost-orders')
  expect(story?.lines.filter(({ who }) => who === 'fault')).toEqual([])
})

test('tells how a product was oversold', () => {
  const evidence = testEvidence([paidOrder(1), paidOrder(2)], {
    truth: {
      products: [{ sku: 'tea', priceCents: 450, priceFence: 0, stock: 0, initialStock: 3 }],
    },
  })
  expect(asText(tell(evidence, 'stock-conserved'))).toEqual([
    '0.01 s  api-1  sells 2 to order o-7f-000001.ab12: 2 of 3 sold',
    '0.02 s  api-1  sells 2 to order o-7f-000002.ab12: 4 of 3 sold',
    '6.00 s  final  0 left in Postgres, of 3',
  ])
})

test('of many sales it tells the first few and the last, where it went wrong', () => {
  const orders = Array.from({ length: 30 }, (_, i) => paidOrder(i + 1))
  const evidence = testEvidence(orders, {
    truth: {
      products: [{ sku: 'tea', priceCents: 450, priceFence: 0, stock: 0, initialStock: 50 }],
    },
  })
  const lines = tell(evidence, 'stock-conserved')?.lines ?? []
  expect(lines).toHaveLength(14)
  expect(lines[3]?.text).toBe('18 more sales like these')
  expect(lines.at(-2)?.text).toContain('60 of 50 sold')
})

test('tells how a price went back, and what was written around that moment', () => {
  const editions = [...Array.from({ length: 20 }, (_, i) => i + 1), 14, 21]
  const evidence = testEvidence([], { truth: { priceEvents: priceEvents(editions) } })
  const story = tell(evidence, 'prices-never-go-back')
  expect(story?.about).toBe('Price of tea')
  const lines = asText(story)
  expect(lines).toContain('0.50 s  ...  16 more writes like these')
  expect(lines).toContain('10.00 s  worker-1  writes 1.20, from edition 20')
  expect(lines).toContain(
    '10.50 s  worker-1  writes 1.14, from edition 14: 6 editions older than what it overwrites',
  )
  expect(lines).toContain('6.00 s  final  1.21 stands, from edition 21')
})

test('tells what did not come to rest', () => {
  const evidence = testEvidence([lost], { journal, recoveredAfterMs: null })
  const story = tell(evidence, 'recovers-within', { withinMs: 1_000 })
  expect(story?.about).toBe('The shop')
  expect(story?.lines.at(-1)?.text).toBe('still there: 1 order unfinished')
})

test('a long story is shortened in its middle', () => {
  const attempt = retried.attempts[0]
  const attempts = attempt === undefined ? [] : Array.from({ length: 60 }, () => attempt)
  const story = tell(
    testEvidence([{ ...lost, operations: [{ ...retried, attempts }] }]),
    'no-lost-orders',
  )
  expect(story?.lines).toHaveLength(40)
  expect(story?.lines.find(({ who }) => who === '...')?.text).toMatch(
    /^\d+ lines are left out here$/,
  )
})

test('there is no story when nothing is violated', () => {
  expect(tell(testEvidence([paidOrder(1)]), 'no-lost-orders')).toBeUndefined()
})
