import { expect, test } from 'vitest'

import type { ProbeReport } from '#chaos/contracts/probe-report.ts'

import { contractNotProbed, judgeContract } from './judge-contract.ts'

function report(name: string, rest: Partial<ProbeReport>): ProbeReport {
  const promise = `The README promises ${name}.`
  return { seam: 'admission', lab: 'overload', name, promise, outcome: 'held', ...rest }
}

const held = report('a', {})
const broken = report('b', {
  outcome: 'violated',
  breach: { expected: 'five', actual: 'four' },
})
const undecided = report('c', { outcome: 'undecided', reason: 'unknown statement' })

test('all promises hold', () => {
  expect(judgeContract([held, held])).toMatchObject({
    name: 'contract',
    outcome: 'held',
    summary: '2 of 2 promises hold.',
    offendersTotal: 0,
  })
})

test('a broken promise is the title, and every failed probe is an offender', () => {
  const check = judgeContract([held, broken, undecided])
  expect(check).toMatchObject({
    outcome: 'violated',
    offenders: [{ id: 'admission: b', expected: 'five', actual: 'four' }],
    offendersTotal: 1,
  })
  expect(check?.title).toContain(broken.promise)
  expect(check?.summary).toContain('1 of 3 promises hold')
})

test('a probe that cannot tell violates nothing, and is named', () => {
  expect(judgeContract([held, undecided])).toMatchObject({ outcome: 'held' })
  expect(judgeContract([held, undecided])?.summary).toContain('unknown statement')
  expect(judgeContract([undecided])).toMatchObject({ outcome: 'inconclusive' })
  expect(judgeContract([undecided])?.summary).toContain('None of 1')
})

test('seams without probes have no check; probes that could not run have one', () => {
  expect(judgeContract([])).toBeUndefined()
  expect(contractNotProbed('no container')).toMatchObject({
    outcome: 'inconclusive',
    summary: expect.stringContaining('no container') as unknown,
  })
})
