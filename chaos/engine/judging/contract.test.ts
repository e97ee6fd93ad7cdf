import { expect, test, vi } from 'vitest'

import type { CheckResult, Verdict, VerdictOutcome } from '#chaos/contracts/verdict.ts'
import { systemClock } from '#chaos/lib/clock.ts'
import { InputError } from '#chaos/lib/errors.ts'

import { createJournal } from '../journal.ts'
import { addContract, startContract } from './contract.ts'

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

const { signal } = new AbortController()

test('the result of the probes is in the journal', async () => {
  const journal = createJournal(systemClock)
  const probe = vi.fn<() => Promise<CheckResult>>().mockResolvedValue(result('contract', 'held'))
  await using contract = startContract(journal, { probeContract: probe, signal })
  expect(await contract.result()).toMatchObject({ name: 'contract' })
  expect(journal.since(0)).toMatchObject([{ type: 'check', check: { name: 'contract' } }])
  expect(contract.signal.aborted).toBe(false)
})

test('a run without probes has no result', async () => {
  const journal = createJournal(systemClock)
  await using contract = startContract(journal, { signal })
  expect(await contract.result()).toBeUndefined()
  expect(journal.since(0)).toEqual([])
})

test('disposing aborts the probes, waits for their end and publishes nothing', async () => {
  const journal = createJournal(systemClock)
  const cleanedUp = Promise.withResolvers<void>()
  let ended = false
  const contract = startContract(journal, {
    signal,
    probeContract: async (stop) => {
      await new Promise((resolve) => stop.addEventListener('abort', resolve))
      await cleanedUp.promise
      ended = true
      return result('contract', 'violated')
    },
  })
  const disposing = contract[Symbol.asyncDispose]().then(() => ended)
  cleanedUp.resolve()
  expect(await disposing).toBe(true)
  await expect(contract.result()).rejects.toMatchObject({ name: 'AbortError' })
  expect(journal.since(0)).toEqual([])
})

test('the signal aborts with the error of the probes, and with the reason of the run', async () => {
  const error = new InputError('The file cannot be loaded.')
  const journal = createJournal(systemClock)
  await using failing = startContract(journal, {
    probeContract: async () => Promise.reject(error),
    signal,
  })
  await expect(failing.result()).rejects.toBe(error)
  expect(failing.signal.reason).toBe(error)
  const run = new AbortController()
  await using aborted = startContract(journal, {
    probeContract: async () => undefined,
    signal: run.signal,
  })
  run.abort(error)
  expect(aborted.signal.reason).toBe(error)
  await expect(aborted.result()).rejects.toBe(error)
})
