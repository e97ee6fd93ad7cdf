import { expect, test } from 'vitest'

import type { Operation } from '../../../contracts/history.ts'
import { impactOf, resultOf } from '../health/health.ts'
import { sentenceOf } from './sentence.ts'
import type { Stage, StageSample } from './stage.ts'

const operations = [
  { kind: 'order', nouns: 'orders' },
  { kind: 'browse', nouns: 'browse requests' },
  { kind: 'quote', nouns: 'quote requests' },
]

const stageOf = (samples: readonly Partial<StageSample>[], rest: Partial<Stage> = {}): Stage => ({
  ms: 100_000,
  connection: 'live',
  isSending: true,
  sendingForMs: 60_000,
  links: new Map(),
  boxes: new Map(),
  bytesPerSecond: new Map(),
  exchanges: new Map(),
  bands: [],
  samples: samples.map((one) => ({
    ms: 99_000,
    kind: 'order',
    outcome: 'ok',
    result: (one.outcome ?? 'ok') === 'ok' ? 'ok' : 'failing',
    tookMs: 5,
    ...one,
  })),
  ...rest,
})

const many = (count: number, sample: Partial<StageSample>): Partial<StageSample>[] =>
  Array.from({ length: count }, () => sample)

const at = (samples: readonly Partial<StageSample>[], rest?: Partial<Stage>) =>
  sentenceOf(stageOf(samples, rest), operations)

test('nothing is claimed without data', () => {
  expect(at(many(9, {}), { connection: 'waiting' }).tone).toBe('unsure')
  expect(at(many(9, {}), { connection: 'lost' }).text).toContain('unknown')
  expect(at([], { isSending: false }).tone).toBe('unsure')
  // Requests that have not ended are neither a success nor a failure, until they should have.
  expect(at([], { sendingForMs: 900 }).tone).toBe('unsure')
})

test('only the last seconds count', () => {
  expect(at([...many(20, { ms: 94_000, outcome: 'fail' }), ...many(3, {})])).toEqual({
    text: 'All 3 requests succeeded in the last 5 seconds.',
    tone: 'good',
  })
})

test('slow responses are named when they are many', () => {
  expect(at([...many(30, {}), ...many(2, { tookMs: 2_000 })]).tone).toBe('good')
  const slow = at([...many(10, {}), ...many(5, { tookMs: 2_000 })])
  expect(slow.tone).toBe('slow')
  expect(slow.text).toContain('5 of them after more than a second')
})

test('the operations that fail are named, and the others are not blamed', () => {
  const { text, tone } = at([
    ...many(10, { outcome: 'fail' }),
    ...many(2, {}),
    ...many(8, { kind: 'browse' }),
  ])
  expect(tone).toBe('bad')
  expect(text).toMatch(/^10 of 12 orders failed; all other requests succeeded/)
})

test('an unknown result is not called a failure', () => {
  expect(at([...many(4, { outcome: 'unknown' }), ...many(4, {})]).text).toMatch(
    /^4 of 8 orders received no success response/,
  )
})

test('without any success, the tone is that of an outage', () => {
  expect(at([...many(30, { outcome: 'fail' }), ...many(10, { outcome: 'unknown' })])).toEqual({
    text: 'No request succeeded in the last 5 seconds: 30 failed, 10 have an unknown result.',
    tone: 'out',
  })
})

test('of many broken operations, the sentence has the sum', () => {
  const bad = operations.flatMap(({ kind }) => [{ kind, outcome: 'fail' as const }, { kind }])
  expect(at(bad).text).toMatch(/^3 of 6 requests failed/)
})

const ended = (outcome: StageSample['outcome'], status?: number): Partial<StageSample> => ({
  outcome,
  result: resultOf({ outcome, attempts: [{ status }] as unknown as Operation['attempts'] }),
})

/** What ended in the last seconds; then whether clients send, and for how long. */
test.each([
  ['all succeed', many(9, ended('ok', 201)), true, 60_000, 'good'],
  ['sold out is an answer', many(9, ended('fail', 409)), true, 60_000, 'good'],
  [
    'some are sold out',
    [...many(5, ended('ok', 201)), ...many(4, ended('fail', 409))],
    true,
    60_000,
    'good',
  ],
  ['too many requests is not an answer', many(9, ended('fail', 429)), true, 60_000, 'out'],
  ['every request fails', many(9, ended('fail', 500)), true, 60_000, 'out'],
  ['no result is known', many(9, ended('unknown')), true, 60_000, 'out'],
  ['no connection', many(9, ended('fail')), true, 60_000, 'out'],
  [
    'failures and refusals',
    [...many(9, ended('fail', 503)), ended('fail', 404)],
    true,
    60_000,
    'bad',
  ],
  ['two failures are not an outage', many(2, ended('fail', 500)), true, 60_000, 'bad'],
  ['some fail', [...many(9, ended('ok', 201)), ended('fail', 503)], true, 60_000, 'bad'],
  ['nothing ends', [], true, 60_000, 'out'],
  ['customers have just begun', [], true, 300, 'unsure'],
  ['no customers', [], false, 0, 'unsure'],
] as const)('header, client and sentence agree: %s', (_name, samples, isSending, forMs, tone) => {
  const stage = stageOf(samples, { isSending, sendingForMs: forMs })
  const { health, text: header } = impactOf(
    stage.samples.map(({ result }) => result),
    { sends: isSending, sinceMs: forMs, current: true },
  )
  const sentence = sentenceOf(stage, operations)
  expect(sentence.tone).toBe(tone)
  expect(
    { good: 'good', slow: 'good', bad: 'some', out: 'outage', unsure: 'unknown' }[sentence.tone],
  ).toBe(health)
  // Neither says that everything succeeds when something was refused, nor that a refusal failed.
  const refused = stage.samples.filter(({ result }) => result === 'refused').length
  const isRefusal = health === 'good' && refused > 0
  const claims = [header, sentence.text].some((text) => /all .*succeed/i.test(text))
  expect(claims).toBe(health === 'good' && !isRefusal)
  expect(sentence.text.includes(`${refused} received a refusal`)).toBe(isRefusal)
})
