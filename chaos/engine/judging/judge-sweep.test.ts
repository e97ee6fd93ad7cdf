import { expect, test, vi } from 'vitest'

import type { CheckResult, Verdict, VerdictOutcome } from '#chaos/contracts/verdict.ts'
import { system } from '#chaos/system.ts'

import { createRunZero } from '../run-zero.ts'
import { parseScenario } from '../scenario/parse-scenario.ts'
import { createFakeSandbox } from '../testing/fake-sandbox.ts'
import { createManualClock } from '../testing/manual-clock.ts'
import { addSweep, judgeSweep, sayWhyNoSweep } from './judge-sweep.ts'

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

const request = {
  id: 'r1',
  scenario: parseScenario(
    'title: t\nworkload: { browse: 1/s, duration: 1s }\nshop: { off: [reconciler] }\nexpect: [no-lost-orders]\n',
    { file: 'scenario.yaml', system },
  ),
  seed: 1,
  folder: '',
  startedAt: '',
  zero: createRunZero(createManualClock()),
  signal: new AbortController().signal,
}

/** A sweep that leaves its settings in the shop, and what comes after it. */
async function sweepOf(outcome: VerdictOutcome, next: (verdict: Verdict) => Promise<Verdict>) {
  const { sandbox, runtime } = await createFakeSandbox()
  const start = async (environment: Readonly<Record<string, string>>): Promise<void> => {
    for (const { name } of system.topology.instances)
      await sandbox.runtime.start(name, { by: 'scenario', environment })
  }
  const run = async () => {
    await start({ JOB_LOCK_MS: '900' })
    return { check: result('sweep', outcome) }
  }
  const sweep = { budgetMs: 1, run }
  const verdict = judgeSweep(sandbox, { ...request, sweep }, held, next)
  return { verdict, runtime, start }
}

test('after a violation nothing else runs, and the shop has the settings of the run', async () => {
  const next = vi.fn<(verdict: Verdict) => Promise<Verdict>>()
  const { verdict, runtime } = await sweepOf('violated', next)
  expect(await verdict).toMatchObject({ outcome: 'violated' })
  expect(next).not.toHaveBeenCalled()
  expect(runtime.environments.get('worker-1')).toEqual({ NETS_OFF: 'reconciler' })
})

test('variants that are aborted before they restart the shop leave it with the settings of the run', async () => {
  const { verdict, runtime } = await sweepOf('held', async () => {
    throw new Error('aborted')
  })
  await expect(verdict).rejects.toThrow('aborted')
  expect(runtime.environments.get('worker-1')).toEqual({ NETS_OFF: 'reconciler' })
})

test('the shop does not restart again after variants that have the settings of the run', async () => {
  const prepared = Promise.withResolvers<void>()
  const { verdict, runtime, start } = await sweepOf('held', async (swept) => {
    await prepared.promise
    return swept
  })
  await expect.poll(() => runtime.environments.get('payments')).toEqual({ JOB_LOCK_MS: '900' })
  await start({ NETS_OFF: 'reconciler' })
  prepared.resolve()
  expect(await verdict).toMatchObject({ outcome: 'held' })
  expect(runtime.calls.filter((call) => call.startsWith('kill'))).toEqual([])
})
