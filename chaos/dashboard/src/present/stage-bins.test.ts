import { expect, test } from 'vitest'

import { stageBins } from './stage-bins.ts'
import type { StageSample } from './stage.ts'

const at = (ms: number, outcome: StageSample['outcome']): StageSample => ({
  ms,
  kind: 'order',
  outcome,
  result: outcome === 'ok' ? 'ok' : 'failing',
  tookMs: 1,
})

const bandsAt = (...edges: readonly (readonly [number, number | null])[]) =>
  edges.map(([fromMs, toMs], i) => ({ id: `f${i}`, label: '', fromMs, toMs }))

test('no failure is drawn before the fault that causes it, even after another fault', () => {
  for (let edge = 2_000; edge < 4_000; edge += 37) {
    const samples = [at(edge + 1, 'fail'), at(edge + 300, 'fail')]
    for (const bands of [bandsAt([edge, null]), bandsAt([edge - 50, null], [edge, null])]) {
      const bins = stageBins({ ms: 10_000, samples, bands })
      const failing = bins.filter(({ perSecond }) => perSecond.fail > 0)
      expect(failing[0]?.fromMs).toBeGreaterThanOrEqual(edge)
    }
  }
})

test('the bins hold every operation once, as a rate', () => {
  const samples = Array.from({ length: 900 }, (_, i) => at(i * 10 + 1_000, 'ok'))
  const bins = stageBins({ ms: 10_000, samples, bands: bandsAt([3_333, 5_555]) })
  const total = bins.reduce(
    (sum, { perSecond, fromMs, toMs }) => sum + (perSecond.ok * (toMs - fromMs)) / 1_000,
    0,
  )
  expect(Math.round(total)).toBe(900)
  const full = bins.filter(({ fromMs }) => fromMs >= 1_000)
  expect(full.every(({ perSecond }) => Math.abs(perSecond.ok - 100) < 2)).toBe(true)
})

test('one operation never looks like more than two per second', () => {
  const edges = [1_100, 1_200, 5_990, 6_010, 9_950]
  const bands = bandsAt(...edges.map((fromMs) => [fromMs, null] as const))
  for (let ms = 1_000; ms < 10_000; ms += 10)
    for (const { perSecond } of stageBins({ ms: 10_000, samples: [at(ms, 'fail')], bands }))
      expect(perSecond.fail).toBeLessThanOrEqual(2)
})

test('the last bin is at least half a second long, so a rate does not seem to fall', () => {
  for (const edge of [9_400, 9_700, 9_950]) {
    const last = stageBins({ ms: 10_000, samples: [], bands: bandsAt([edge, null]) }).at(-1)
    expect((last?.toMs ?? 0) - (last?.fromMs ?? 0)).toBeGreaterThanOrEqual(500)
  }
})
