import { expect, test } from 'vitest'

import type { CheckResult, VerdictOutcome } from '#chaos/contracts/check.ts'

import { createVerdict } from './verdict.ts'

function result(name: string, outcome: VerdictOutcome, offendersTotal = 0): CheckResult {
  const summary = `${name} says ${outcome}`
  return { name, title: name, outcome, summary, offenders: [], offendersTotal }
}

const lost = result('no-lost-orders', 'violated', 3)
const slow = result('availability', 'violated', 20)
const fine = result('books-balance', 'held')
const unclear = result('latency', 'inconclusive')

test.each([
  ['everything held', [fine], [], 'held', 'What was expected held.'],
  ['a check is violated', [fine, slow], [], 'violated', 'availability says violated'],
  [
    'nothing was proven',
    [fine],
    ['The trap never sprang.'],
    'inconclusive',
    'The trap never sprang.',
  ],
  [
    'a check cannot judge',
    [fine, unclear],
    [],
    'inconclusive',
    'latency: latency says inconclusive',
  ],
  [
    'a floor is missed in a run that proves nothing',
    [slow],
    ['No fault.'],
    'inconclusive',
    'No fault.',
  ],
  [
    'an order is lost in a run that proves nothing else',
    [slow, lost],
    ['No fault.'],
    'violated',
    'no-lost-orders says violated',
  ],
  [
    'a check is violated and another cannot judge',
    [slow, unclear],
    [],
    'inconclusive',
    'latency: latency says inconclusive',
  ],
] as const)('when %s', (_what, checks, doubts, outcome, headline) => {
  expect(createVerdict(checks, doubts)).toMatchObject({ outcome, headline })
})
