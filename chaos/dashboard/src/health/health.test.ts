import { expect, test } from 'vitest'

import type { FiguresEvent } from '../../../contracts/events.ts'
import type { Attempt, Outcome } from '../../../contracts/history.ts'
import type { LinkHealth } from '../../../contracts/links.ts'
import {
  healthOfLink,
  healthOfPart,
  impactOf,
  linkWords,
  loadOfPart,
  resultOf,
  shareText,
} from './health.ts'

const now = { sends: true, sinceMs: 60_000, current: true }

function ended(outcome: Outcome, status?: number) {
  const attempt = {
    instance: 'api-1',
    startMs: 0,
    endMs: 1,
    ...(status === undefined ? {} : { status }),
  }
  return { outcome, attempts: [attempt as Attempt] }
}

const many = (count: number, one: ReturnType<typeof ended>) =>
  Array.from({ length: count }, () => one)

test.each([
  ['all succeed', many(50, ended('ok')), now, 'good'],
  ['every request fails', many(50, ended('fail', 500)), now, 'outage'],
  ['nothing is known of what happened', many(50, ended('unknown')), now, 'outage'],
  ['no connection', many(3, ended('fail')), now, 'outage'],
  ['two failures are not an outage', many(2, ended('fail', 500)), now, 'some'],
  ['some fail', [...many(9, ended('ok')), ended('fail', 503)], now, 'some'],
  ['sold out is an answer', many(9, ended('fail', 409)), now, 'good'],
  ['too many requests is not', many(9, ended('fail', 429)), now, 'outage'],
  ['customers wait and nothing ends', [], now, 'outage'],
  ['customers have just begun', [], { ...now, sinceMs: 300 }, 'unknown'],
  ['no customers', [], { ...now, sends: false }, 'unknown'],
  ['the controller is gone', many(50, ended('ok')), { ...now, current: false }, 'unknown'],
] as const)('impact: %s', (_name, operations, at, health) => {
  expect(impactOf(operations.map(resultOf), at).health).toBe(health)
})

const exchanges: LinkHealth = {
  windowMs: 5_000,
  ended: 200,
  failed: 0,
  p50Ms: 2.14,
  p95Ms: 1_250,
  waiting: 0,
  waitsMs: 0,
}

test.each([
  ['not counted', undefined, 'unknown', null],
  ['idle', { ...exchanges, ended: 0 }, 'unknown', null],
  ['good', exchanges, 'good', ['40/s', '100 % ok', 'p50 2.1 ms', 'p95 1.3 s']],
  [
    'one of 200 fails',
    { ...exchanges, failed: 1 },
    'good',
    ['40/s', '>99 % ok', 'p50 2.1 ms', 'p95 1.3 s'],
  ],
  [
    'all fail',
    { ...exchanges, failed: 200, p50Ms: null, p95Ms: null },
    'outage',
    ['40/s', '0 % ok'],
  ],
  ['silent', { ...exchanges, ended: 0, waiting: 4, waitsMs: 9_000 }, 'outage', ['4 waiting']],
  [
    'waits for a moment',
    { ...exchanges, ended: 0, waiting: 4, waitsMs: 90 },
    'unknown',
    ['4 waiting'],
  ],
] as const)('link: %s', (_name, health, expected, words) => {
  expect(healthOfLink(health)).toBe(expected)
  expect(linkWords(health)).toEqual(words)
})

test('a share is never rounded to nothing or to everything', () => {
  expect([shareText(1, 1_000), shareText(999, 1_000), shareText(0, 9), shareText(9, 9)]).toEqual([
    '<1 %',
    '>99 %',
    '0 %',
    '100 %',
  ])
})

const links = [
  { name: 'api-1:payments', callee: 'payments' },
  { name: 'api-2:payments', callee: 'payments' },
  { name: 'payments:api-1', callee: 'api-1' },
]

function figures(health: Readonly<Record<string, LinkHealth>>): FiguresEvent {
  return {
    type: 'figures',
    operations: [],
    links: links.flatMap(({ name }) => {
      const counts = health[name]
      const bytes = { connections: 1, bytesUpstream: 0, bytesDownstream: 0 }
      return [{ link: name, ...bytes, ...(counts === undefined ? {} : { exchanges: counts }) }]
    }),
    instances: [{ instance: 'payments', gauges: { 'wait for a connection': 7, idle: 0 } }],
  }
}

test('a part has the health of the requests that it receives', () => {
  const bad = { ...exchanges, failed: 200 }
  const of = (health: Parameters<typeof figures>[0]) =>
    healthOfPart('payments', figures(health), links).health
  expect(of({})).toBe('unknown')
  expect(of({ 'payments:api-1': bad })).toBe('unknown')
  expect(of({ 'api-1:payments': exchanges })).toBe('good')
  expect(of({ 'api-1:payments': exchanges, 'api-2:payments': bad })).toBe('some')
  expect(of({ 'api-1:payments': bad, 'api-2:payments': bad })).toBe('outage')
  expect(healthOfPart('payments', null, links).health).toBe('unknown')
  const half = { 'api-1:payments': exchanges, 'api-2:payments': bad }
  expect(healthOfPart('payments', figures(half), links).failing).toBe('50 % of requests fail')
})

test('a part shows its queues, its gauges and the requests in it, without those that are 0', () => {
  const shown = figures({
    'api-1:payments': { ...exchanges, waiting: 2 },
    'api-2:payments': { ...exchanges, waiting: 1 },
  })
  const stored = [
    { text: 'jobs in the queue', value: 12 },
    { text: 'outbox rows waiting', value: 0 },
  ]
  expect(loadOfPart('payments', shown, links, stored)).toEqual([
    '12 jobs in the queue',
    '7 wait for a connection',
    '3 in progress',
  ])
  expect(loadOfPart('api-2', shown, links, [])).toEqual([])
})
