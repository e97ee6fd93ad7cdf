import { expect, test } from 'vitest'

import type { FlowComparison } from '#chaos/contracts/flow-record.ts'

import { buildComparison } from './build-comparison.ts'
import { disagreements } from './disagreements.ts'
import { findFlow, listFlows } from './find-flow.ts'
import { flowText } from './flow-text.ts'
import {
  eventAt,
  exchanged,
  factsOf,
  faultOn,
  operationOf,
  recordedRun,
  regularOrder,
} from './testing/recorded-order.ts'

const regular = 'o-s-000001'
const key = 'o-f-000007'

/** A regular order; then a fault, and an order whose COMMIT is lost and whose client tries again. */
function runWithRetry() {
  const fault = faultOn(['web-1:postgres'], 400)
  const lost = { instance: 'web-1', startMs: 500, endMs: 540, error: 'timeout' } as const
  const again = { instance: 'web-2', startMs: 560, endMs: 570, status: 201 } as const
  return recordedRun({
    messages: [
      ...regularOrder(regular, 20),
      ...exchanged({
        link: 'client:web-1',
        key,
        signature: 'POST /orders',
        sentMs: 500,
        arrivedMs: 500,
        endedMs: 540,
      }),
      ...exchanged({ link: 'web-1:postgres', key, signature: 'COMMIT', sentMs: 503 }),
      ...exchanged({
        link: 'client:web-2',
        key,
        signature: 'POST /orders',
        status: '409',
        sentMs: 560,
        arrivedMs: 560,
        replySentMs: 569,
        replyArrivedMs: 569,
      }),
    ],
    operations: [
      operationOf(regular, { startMs: 20, endMs: 30 }),
      operationOf(key, { id: 2, startMs: 500, endMs: 570, attempts: [lost, again] }),
    ],
    events: [
      eventAt(400, { type: 'fault', what: 'injected', fault }),
      eventAt(800, { type: 'fault', what: 'healed', fault }),
    ],
    facts: [
      factsOf(regular),
      factsOf(key, {
        isRegular: false,
        result: 'not in Postgres',
        holdings: [{ source: 'postgres', atMs: 900, text: 'at the end: no order', isWrong: true }],
      }),
    ],
    offenders: [`${key}.x1`],
  })
}

test('a flow is compared with a regular one before the first fault, whichever instance it used', () => {
  const { flow, faultFree, missing } = buildComparison(runWithRetry(), key) as FlowComparison
  expect(faultFree.id).toBe(regular)
  expect(flow.messages.map(({ to, text, differs }) => [to, text, differs])).toEqual([
    ['web-1', 'POST /orders', 'same'],
    ['postgres', 'COMMIT', 'same'],
    ['web-2', 'POST /orders', 'new'],
    ['client', '409', 'new'],
  ])
  expect(missing.map(({ part, text }) => `${part} ${text}`)).toEqual(['reply COMMIT', 'reply 201'])
})

test('a flow under a fault is not a baseline', () => {
  const run = runWithRetry()
  expect(buildComparison({ ...run, facts: [factsOf(key)] }, regular)).not.toHaveProperty('flow')
})

test('the list says how each flow ended and which ones a check names', () => {
  const { flows, isComplete } = listFlows(runWithRetry())
  expect(isComplete).toBe(true)
  expect(flows.map(({ id, isFailing }) => [id, isFailing])).toEqual([
    [regular, false],
    [key, true],
  ])
})

test('a flow is found by its key or its id; an unknown one names the nearest', () => {
  const { flows } = listFlows(runWithRetry())
  expect(findFlow(flows, `${key}.x1`).id).toBe(key)
  expect(() => findFlow(flows, 'o-f-000008')).toThrow(
    expect.objectContaining({ status: 404, remedy: expect.stringContaining(key) }),
  )
})

test('the text has a line for each message, and says what is lost, new, wrong and missing', () => {
  const text = flowText(buildComparison(runWithRetry(), key)).join('\n')
  for (const line of [
    /0\.503 s ! .*web-1 → postgres: COMMIT; it never arrives \(lost: latency 40 ms\)/,
    /0\.560 s \+ .*client → web-2: POST \/orders/,
    /0\.400 s ! .*latency 40 ms on web-1:postgres/,
    /0\.900 s ✕ .*postgres holds: at the end: no order/,
    /postgres → web-1: reply COMMIT/,
  ])
    expect(text).toMatch(line)
})

test('a story agrees with its diagram, and a line at another time does not', () => {
  const view = buildComparison(runWithRetry(), key) as FlowComparison
  const story = (ms: number) => ({
    about: `order ${key}`,
    headline: '',
    expected: '',
    actual: '',
    lines: [
      { ms: 400, who: 'fault', text: 'latency 40 ms on web-1:postgres begins' },
      { ms: 500, who: 'client', text: 'sends the order' },
      { ms, who: 'web-2', text: 'refuses it' },
      { ms: 900, who: 'final', text: 'nothing' },
    ],
  })
  expect(disagreements(story(565), view.flow)).toEqual([])
  expect(disagreements(story(700), view.flow)).toEqual([expect.stringContaining('700 ms, web-2')])
})
