import { expect, test } from 'vitest'

import type { CheckResult, Verdict, VerdictOutcome } from '#chaos/contracts/verdict.ts'
import { readOperation } from '#chaos/shop/testing/test-evidence.ts'
import { system } from '#chaos/system.ts'

import type { StepOutcome } from '../run/step-outcome.ts'
import { parseScenario } from '../scenario/parse-scenario.ts'
import { variantsCheck } from './judge-variants.ts'

const scenario = parseScenario(
  `
title: A test
workload: { browse: 10/s, duration: 6s }
expect: [no-lost-orders]
`,
  { file: 'scenario.yaml', system },
)
const parts = [
  { name: 'early', what: 'Redis refuses early.', fromMs: 0, toMs: 2_000, steps: 1 },
  { name: 'late', what: 'Redis refuses late.', fromMs: 2_000, toMs: 6_000, steps: 2 },
]
const composed = { scenario, parts, leftOut: ['both'] }
const done: StepOutcome = { title: '', state: 'done' }
const never: StepOutcome = { title: '', state: 'never' }
const operations = [
  readOperation(1, 'browse', { startMs: 600 }),
  readOperation(2, 'browse', { startMs: 3_700 }),
]
const run = { history: operations, steps: [done, done, never], loadFromMs: 1_500 }

function check(name: string, outcome: VerdictOutcome, id: string): CheckResult {
  const offenders = [{ id, expected: 'a page', actual: 'none' }]
  return { name, title: name, outcome, summary: `${name}: ${id}`, offenders, offendersTotal: 1 }
}

function verdict(
  outcome: VerdictOutcome,
  headline: string,
  checks: readonly CheckResult[],
): Verdict {
  return { outcome, headline, checks, reasons: [] }
}

test('the variant that decided is the one in which the first offender of the deciding check began', () => {
  const checks = [
    check('availability', 'violated', 'browse #1'),
    check('responses-are-true', 'violated', 'browse #2'),
  ]
  const result = variantsCheck(verdict('violated', checks[1]?.summary ?? '', checks), composed, run)
  expect(result).toMatchObject({ outcome: 'violated', offendersTotal: 1 })
  expect(result.summary).toMatch(/^Variant late \(Redis refuses late\.\).*browse #2.*Not run: both/)
})

test('an offender that is not an operation belongs to no single variant', () => {
  const only = check('restarts-at-most', 'violated', 'api-1')
  const { summary } = variantsCheck(verdict('violated', only.summary, [only]), composed, run)
  expect(summary).toMatch(/^In one of the variants early, late/)
})

test('held: names the variants, those without effect on this code, and those that had no time', () => {
  const held = verdict('held', 'All 3 checks held.', [])
  expect(variantsCheck(held, composed, run).summary).not.toContain('Without effect')
  const unfit = { ...run, steps: [done, never, never] }
  expect(variantsCheck(held, composed, unfit).summary).toMatch(
    /^early, late: .*Without effect in this run: late\. Not run: both\.$/,
  )
})

test('inconclusive: says why', () => {
  const result = variantsCheck(verdict('inconclusive', 'The trap never sprang.', []), composed, run)
  expect(result).toMatchObject({ outcome: 'inconclusive', offenders: [] })
  expect(result.summary).toContain('The trap never sprang.')
})
