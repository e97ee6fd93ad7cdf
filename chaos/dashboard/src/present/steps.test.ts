import { expect, test } from 'vitest'

import type { StageSample } from './stage.ts'
import { stepsOf } from './steps.ts'

const at = (ms: number, outcome: StageSample['outcome']): StageSample => ({
  ms,
  kind: 'order',
  outcome,
  tookMs: 1,
})

const range = { fromMs: 0, toMs: 10_000 }

test('no failure is drawn before the fault that causes it', () => {
  for (let edge = 2_000; edge < 4_000; edge += 37) {
    const samples = [at(edge + 1, 'fail'), at(edge + 300, 'fail')]
    const failing = stepsOf(samples, [{ fromMs: edge, toMs: null }], range).filter(
      ({ fail }) => fail > 0,
    )
    expect(failing[0]?.fromMs).toBeGreaterThanOrEqual(edge)
  }
})

test('the steps hold every operation once, as a rate', () => {
  const samples = Array.from({ length: 900 }, (_, i) => at(i * 10 + 1_000, 'ok'))
  const steps = stepsOf(samples, [{ fromMs: 3_333, toMs: 5_555 }], range)
  const total = steps.reduce((sum, { ok, fromMs, toMs }) => sum + (ok * (toMs - fromMs)) / 1_000, 0)
  expect(Math.round(total)).toBe(900)
  expect(
    steps.filter(({ fromMs }) => fromMs >= 1_000).every(({ ok }) => Math.abs(ok - 100) < 2),
  ).toBe(true)
})

test('no step is so short that one operation looks like many', () => {
  const bands = [1_100, 1_200, 5_990, 6_010, 9_950].map((fromMs) => ({ fromMs, toMs: null }))
  for (const { fromMs, toMs } of stepsOf([], bands, range))
    expect(toMs - fromMs).toBeGreaterThanOrEqual(400)
})
