import { expect, test } from 'vitest'

import type { CheckResult, VerdictOutcome } from '#chaos/contracts/verdict.ts'

import { createVerdict } from './judge-run.ts'

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
const doubt = 'The trap never sprang.'

test.each([
  ['one check held', [fine], [], 'held', /^The check held/],
  ['every check held', [fine, fine], [], 'held', /2 checks held/],
  ['a check is violated', [fine, slow], [], 'violated', slow.summary],
  ['the run proves nothing', [fine], [doubt], 'inconclusive', doubt],
  ['a check cannot judge', [fine, unclear], [], 'inconclusive', `latency: ${unclear.summary}`],
  ['a check is violated in a run that proves nothing', [slow], [doubt], 'inconclusive', doubt],
  ['a safety check has an offender', [slow, lost], [doubt], 'violated', lost.summary],
  ['a check is violated and another cannot judge', [slow, unclear], [], 'inconclusive', /^latency/],
] as const)('the verdict when %s', (_case, checks, doubts, outcome, headline) => {
  const verdict = createVerdict(checks, doubts)
  expect(verdict.outcome).toBe(outcome)
  expect(verdict.headline).toMatch(headline)
})
