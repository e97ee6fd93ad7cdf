import { expect, test } from 'vitest'

import type { Evidence } from '#chaos/contracts/check.ts'
import type { CheckResult, MachineRecord, VerdictOutcome } from '#chaos/contracts/verdict.ts'
import { paidOrder, testEvidence } from '#chaos/shop/testing/test-evidence.ts'
import { system } from '#chaos/system.ts'

import { createJournal } from '../journal.ts'
import { createManualClock } from '../testing/manual-clock.ts'
import { createVerdict, judgeRun, noDoubts } from './judge-run.ts'

function result(name: string, outcome: VerdictOutcome, offendersTotal = 0): CheckResult {
  return {
    name,
    title: name,
    outcome,
    summary: `${name} ${outcome}`,
    offenders: [],
    offendersTotal,
  }
}

const lost = result('no-lost-orders', 'violated', 3)
const slow = result('availability', 'violated', 20)
const fine = result('books-balance', 'held')
const unclear = result('latency', 'inconclusive')
const excused = { ...result('recovers-within', 'inconclusive'), excused: true as const }
const doubt = 'The load was sent late.'
const unhurt = 'The trap never sprang.'

test.each([
  ['one check held', [fine], [], 'held', /^The check held/],
  ['every check held', [fine, fine], [], 'held', /2 checks held/],
  ['a check is violated', [fine, slow], [], 'violated', slow.summary],
  ['the run proves nothing', [fine], [doubt], 'inconclusive', doubt],
  ['a fault affected nothing', [fine], [unhurt], 'inconclusive', unhurt],
  ['a check is violated even without the fault', [slow], [unhurt], 'violated', slow.summary],
  ['a check cannot judge', [fine, unclear], [], 'inconclusive', `latency: ${unclear.summary}`],
  ['a check is violated in a run that proves nothing', [slow], [doubt], 'inconclusive', doubt],
  ['a safety check has an offender', [slow, lost], [doubt], 'violated', lost.summary],
  ['a busy machine may be the cause', [fine, excused], [], 'inconclusive', /^recovers-within/],
  ['a busy machine cannot be the cause of all', [slow, excused], [], 'violated', slow.summary],
  ['a check is violated and another cannot judge', [slow, unclear], [], 'inconclusive', /^latency/],
] as const)('the verdict when %s', (_case, checks, doubts, outcome, headline) => {
  const doubted = {
    run: doubts.filter((one) => one === doubt),
    faults: doubts.filter((one) => one === unhurt),
  }
  const verdict = createVerdict(checks, doubted, system.checks)
  expect(verdict.outcome).toBe(outcome)
  expect(verdict.headline).toMatch(headline)
})

const evidence: Evidence = testEvidence([paidOrder(1)])
const late: Evidence = { ...evidence, recoveredAfterMs: 1_500 }
const expected = { expect: [{ check: 'recovers-within', params: { withinMs: 1_000 } }] }
const busy = { othersShare: 0.8, throttledShare: 0, lateMaxMs: 10 }

test('a violation that a busy machine can have caused is inconclusive, with the reason', () => {
  const journal = createJournal(createManualClock())
  const quiet = { ...busy, othersShare: 0.1 }
  const of = (machine: MachineRecord, one = late) =>
    judgeRun(one, expected, noDoubts, { system, journal, machine }).checks[0]
  expect(of(quiet)?.outcome).toBe('violated')
  expect(of(busy)).toMatchObject({
    outcome: 'inconclusive',
    excused: true,
    summary: expect.stringMatching(/other programs used 80 %/),
  })
  expect(of(busy, { ...late, recoveredAfterMs: 60_000 })?.outcome).toBe('violated')
  expect(of(busy, evidence)?.outcome).toBe('held')
})
