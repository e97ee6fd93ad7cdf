import { expect, test, vi } from 'vitest'

import type { CheckResult, Verdict, VerdictOutcome } from '#chaos/contracts/verdict.ts'
import { systemClock } from '#chaos/lib/clock.ts'

import { createJournal } from '../journal.ts'
import { addContract, probeContract } from './contract.ts'

function result(name: string, outcome: VerdictOutcome): CheckResult {
  const summary = `${name} ${outcome}`
  return { name, title: name, outcome, summary, offenders: [], offendersTotal: 0 }
}

function verdictOf(outcome: VerdictOutcome): Verdict {
  const reasons = outcome === 'inconclusive' ? ['busy'] : []
  return { outcome, headline: `run ${outcome}`, checks: [result('latency', outcome)], reasons }
}

test.each([
  ['held', 'held', 'held', /^run held contract held$/],
  ['held', 'violated', 'violated', /^contract violated$/],
  ['held', 'inconclusive', 'held', /^run held$/],
  // The story of the run is the headline.
  ['violated', 'violated', 'violated', /^run violated$/],
  ['violated', 'held', 'violated', /^run violated$/],
  // The probes do not depend on the machine.
  ['inconclusive', 'violated', 'violated', /^contract violated$/],
  ['inconclusive', 'held', 'inconclusive', /^run inconclusive$/],
] as const)(
  'a run that is %s, with a contract that is %s, is %s',
  (run, contract, outcome, headline) => {
    const verdict = addContract(verdictOf(run), result('contract', contract))
    expect(verdict.outcome).toBe(outcome)
    expect(verdict.headline).toMatch(headline)
    expect(verdict.checks.map(({ name }) => name)).toEqual(['latency', 'contract'])
  },
)

test('a run without probes keeps its verdict', () => {
  expect(addContract(verdictOf('held'), undefined)).toEqual(verdictOf('held'))
})

test('the result of the probes is in the journal', async () => {
  const journal = createJournal(systemClock)
  const { signal } = new AbortController()
  const probe = vi.fn<() => Promise<CheckResult>>().mockResolvedValue(result('contract', 'held'))
  expect(await probeContract(journal, { probeContract: probe, signal })).toMatchObject({
    name: 'contract',
  })
  expect(journal.since(0)).toMatchObject([{ type: 'check', check: { name: 'contract' } }])
  expect(await probeContract(journal, { signal })).toBeUndefined()
  expect(journal.since(0)).toHaveLength(1)
})
