import { expect, test } from 'vitest'

import type { CheckResult, Verdict, VerdictOutcome } from '#chaos/contracts/verdict.ts'

import { addSweep, sayWhyNoSweep } from './judge-sweep.ts'

const result = (name: string, outcome: VerdictOutcome): CheckResult => ({
  name,
  title: name,
  outcome,
  summary: `${name} is ${outcome}`,
  offenders: [],
  offendersTotal: 0,
})
const held: Verdict = {
  outcome: 'held',
  headline: 'The check held.',
  checks: [result('books-balance', 'held')],
  reasons: [],
}

test('a violated sweep decides, and brings its story', () => {
  const story = { about: 'one order', headline: '', lines: [], expected: '', actual: '' }
  const verdict = addSweep(held, { check: result('sweep', 'violated'), story })
  expect(verdict).toMatchObject({ outcome: 'violated', headline: 'sweep is violated', story })
  expect(verdict.checks.map(({ name }) => name)).toEqual(['books-balance', 'sweep'])
})

test('a sweep without a result leaves the verdict open', () => {
  const verdict = addSweep(held, { check: result('sweep', 'inconclusive') })
  expect(verdict).toMatchObject({
    outcome: 'inconclusive',
    reasons: ['sweep: sweep is inconclusive'],
  })
})

test('a sweep that holds is one more check that held', () => {
  const verdict = addSweep(held, { check: result('sweep', 'held') })
  expect(verdict).toMatchObject({ outcome: 'held', headline: 'All 2 checks held.' })
})

test('only a held verdict says why there was no sweep', () => {
  expect(sayWhyNoSweep({ sweep: 'No sweep: none.' }, held).headline).toBe(
    'The check held. No sweep: none.',
  )
  const violated: Verdict = { ...held, outcome: 'violated' }
  expect(sayWhyNoSweep({ sweep: 'No sweep: none.' }, violated)).toBe(violated)
  expect(sayWhyNoSweep({}, held)).toBe(held)
})
