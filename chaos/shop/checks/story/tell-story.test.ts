import { expect, test } from 'vitest'

import { judgeExpectations } from '#chaos/checks/lib/judge-expectations.ts'
import { tellStory } from '#chaos/checks/story/tell-story.ts'
import type { Evidence } from '#chaos/contracts/check.ts'
import type { EventPayload, SandboxEvent } from '#chaos/contracts/events.ts'
import type { ActiveFault } from '#chaos/contracts/fault.ts'
import { system } from '#chaos/system.ts'

import type { ShopOperation } from '../../operation.ts'
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
} from '../../testing/test-evidence.ts'

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
  tellStory(evidence, judgeExpectations(evidence, [{ check, params }], system.checks), system)
const asText = (story: ReturnType<typeof tell>) =>
  story?.lines.map(({ ms, who, text }) => `${(ms / 1_000).toFixed(2)} s  ${who}  ${text}`) ?? []

/** For each line of a story: its time, its subject and a fact of its text. */
const lines = (expected: readonly (readonly [string, string, RegExp])[]): unknown[] =>
  expected.map(([at, who, fact]): unknown =>
    expect.stringMatching(new RegExp(`^${at} s  ${who}  .*(?:${fact.source})`)),
  )

test('the story of a lost order shows client, shop, faults and the final state', () => {
  const story = tell(testEvidence([lost], { journal }), 'no-lost-orders')
  expect(story?.about).toBe('order o-7f-000001.ab12')
  expect(asText(story)).toEqual(
    lines([
      ['0.01', 'fault', /latency 800 ms on api-1:redis/],
      ['0.01', 'client', /o-7f-000001 .*2 x tea.*api-1/],
      ['0.01', 'api-1', /`placed`/],
      ['0.06', 'fault', /crash on api-1/],
      ['0.06', 'api-1', /killed by the scenario .*SIGKILL/],
      ['0.06', 'client', /api-1 .*connection closed/],
      ['0.11', 'client', /same key.*api-2/],
      ['0.13', 'client', /201 .*api-2.*o-7f-000001\.ab12 .*placed.*9\.00/],
      ['3.00', 'run', /heals/],
      ['6.00', 'final', /`placed`.*no job.*no charge request.*no entry/],
    ]),
  )
  expect(story?.expected).toContain('paid')
  expect(story?.headline).toBe(story?.actual)
})

test('the story of a double charge shows every charge with its key', () => {
  const twice = paidOrder(1, {
    charges: [charge(1), charge(1, { id: 'ch-2', idempotencyKey: 'second' })],
    chargeRequests: [
      chargeRequest(1),
      chargeRequest(1, { idempotencyKey: 'second', at: at(900) }),
      chargeRequest(1, { idempotencyKey: 'second', outcome: 'replayed', at: at(950) }),
    ],
  })
  const text = asText(tell(testEvidence([twice]), 'charged-at-most-once'))
  const charges = text.filter((line) => line.includes('  payments  '))
  expect(charges).toEqual([
    expect.stringMatching(/^0\.05 s .*9\.00 .*o-7f-000001\.ab12/),
    expect.stringMatching(/^0\.90 s .*9\.00 .*second/),
    expect.stringMatching(/^0\.95 s .*second/),
  ])
  expect(text.at(-1)).toMatch(/2 charges.*9\.00 .*9\.00/)
})

test('the story of one operation shows the faults and the operations around it', () => {
  const browse = (id: number, outcome: ShopOperation['outcome']) =>
    readOperation(id, 'browse', { startMs: 20 + id, outcome, ms: outcome === 'ok' ? 4 : 600 })
  const quote = readOperation(8, 'quote', { startMs: 12, ms: 700 })
  const operations = [quote, browse(1, 'fail'), browse(2, 'ok'), browse(3, 'fail')]
  const steadyOperations = [readOperation(90, 'browse', { ms: 3 })]
  const evidence = testEvidence([], { operations, steadyOperations, journal })
  const story = tell(evidence, 'availability', { of: 'browse', atLeast: 0.99 })
  expect(story?.about).toMatch(/^browse .*#1$/)
  expect(asText(story)).toEqual(
    lines([
      ['0.01', 'fault', /latency 800 ms on api-1:redis/],
      ['0.02', 'client', /tea .*api-1/],
      ['0.02', 'others', /api-1 .*1 quote/],
      ['0.06', 'fault', /crash on api-1/],
      ['0.06', 'api-1', /SIGKILL/],
      ['0.62', 'client', /600 ms .*api-1/],
      ['0.62', 'client', /600 ms/],
      ['0.62', 'others', /2 of 3 browse .*600 ms.*3 ms/],
    ]),
  )
})

test('a fault that ends before or begins after the operation is not in the story', () => {
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

test('the story of an oversold product shows every sale with the total', () => {
  const evidence = testEvidence([paidOrder(1), paidOrder(2)], {
    truth: {
      products: [{ sku: 'tea', priceCents: 450, priceFence: 0, stock: 0, initialStock: 3 }],
    },
  })
  expect(asText(tell(evidence, 'stock-conserved'))).toEqual(
    lines([
      ['0.01', 'api-1', /o-7f-000001\.ab12.*2 of 3/],
      ['0.02', 'api-1', /o-7f-000002\.ab12.*4 of 3/],
      ['6.00', 'final', /0 of 3/],
    ]),
  )
})

test('a long list of sales keeps the first and the last ones', () => {
  const orders = Array.from({ length: 30 }, (_, i) => paidOrder(i + 1))
  const evidence = testEvidence(orders, {
    truth: {
      products: [{ sku: 'tea', priceCents: 450, priceFence: 0, stock: 0, initialStock: 50 }],
    },
  })
  const sales = tell(evidence, 'stock-conserved')?.lines ?? []
  expect(sales).toHaveLength(14)
  expect(sales[3]).toMatchObject({ who: '...', text: expect.stringMatching(/^18 /) })
  expect(sales.at(-2)?.text).toContain('60 of 50')
})

test('the story of a price that goes back shows the writes around that moment', () => {
  const editions = [...Array.from({ length: 20 }, (_, i) => i + 1), 14, 21]
  const evidence = testEvidence([], { truth: { priceEvents: priceEvents(editions) } })
  const story = tell(evidence, 'prices-never-go-back')
  expect(story?.about).toBe('price of tea')
  const writes = asText(story)
  for (const line of [
    /^0\.50 s {2}\.\.\. {2}16 /,
    /^10\.00 s {2}worker-1 .*1\.20 .*edition 20/,
    /^10\.50 s {2}worker-1 .*1\.14 .*edition 14.*6 editions older/,
    /^6\.00 s {2}final .*1\.21 .*edition 21/,
  ])
    expect(writes).toContainEqual(expect.stringMatching(line))
})

test('the story of a missing recovery ends with the work in flight', () => {
  const evidence = testEvidence([lost], { journal, recoveredAfterMs: null })
  const story = tell(evidence, 'recovers-within', { withinMs: 1_000 })
  expect(story?.about).toBe('the shop')
  expect(story?.lines.at(-1)?.text).toContain('1 unfinished order')
})

test('a long story is shortened in its middle', () => {
  const attempt = retried.attempts[0]
  const attempts = attempt === undefined ? [] : Array.from({ length: 60 }, () => attempt)
  const story = tell(
    testEvidence([{ ...lost, operations: [{ ...retried, attempts }] }]),
    'no-lost-orders',
  )
  expect(story?.lines).toHaveLength(40)
  expect(story?.lines.find(({ who }) => who === '...')?.text).toMatch(/^\d+ /)
})

test('there is no story without a violation', () => {
  expect(tell(testEvidence([paidOrder(1)]), 'no-lost-orders')).toBeUndefined()
})
