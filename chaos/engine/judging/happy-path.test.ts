import { expect, test } from 'vitest'

import type { MachineRecord } from '#chaos/contracts/verdict.ts'
import { readOperation } from '#chaos/shop/testing/test-evidence.ts'
import { system } from '#chaos/system.ts'

import type { RunRequest } from '../run/run-request.ts'
import { parseScenario } from '../scenario/parse-scenario.ts'
import { createFakeSandbox } from '../testing/fake-sandbox.ts'
import { judgeHappyPath } from './happy-path.ts'

const idle: MachineRecord = { throttledShare: 0, lateMaxMs: 5 }
const scenario = parseScenario(
  `
title: A test
workload: { browse: 10/s, duration: 1s }
expect: [no-lost-orders]
`,
  { file: 'scenario.yaml', system },
)
const request: RunRequest = {
  id: 'run-1',
  scenario,
  seed: 1,
  folder: '/nowhere',
  exercise: { folder: '/code', seams: ['read-product'] },
  signal: new AbortController().signal,
}

/** `results`: the trouble of each further attempt, `null` if it works. The shop's own code comes first. */
async function judge(
  results: readonly (string | null)[],
  { machine = idle, machineAgain = idle, judged = request } = {},
) {
  const { sandbox } = await createFakeSandbox()
  const codes: (string | undefined)[] = []
  const rest = [...results]
  const failed = {
    operations: [readOperation(1, 'browse', { outcome: 'fail' })],
    trouble: '30 of 30 operations failed.',
    epochMs: 0,
    began: { zeroMs: 0, workloadStartedAt: '2026-01-05T10:00:00.000Z', loadFromMs: 0 },
    durationMs: 1_000,
    events: [],
    machine,
  }
  const verdict = await judgeHappyPath(sandbox, judged, failed, async (_sandbox, again) => {
    codes.push(again.exercise?.folder)
    return { trouble: rest.shift() ?? null, machine: machineAgain }
  })
  return { verdict, codes }
}

test('violated: the judged code fails twice, and the shop works in between', async () => {
  const { verdict, codes } = await judge([null, 'it failed again'])
  expect(codes).toEqual([undefined, '/code'])
  expect(verdict).toMatchObject({ outcome: 'violated', checks: [{ name: 'happy-path' }] })
  expect(verdict.headline).toMatch(/30 of 30 operations failed/)
})

test('violated: the judged code works once, and fails again after a further success of the shop', async () => {
  const { verdict, codes } = await judge([null, null, null, 'it failed again'])
  expect(codes).toEqual([undefined, '/code', undefined, '/code'])
  expect(verdict).toMatchObject({ outcome: 'violated', checks: [{ name: 'happy-path' }] })
})

test('inconclusive: the shop fails too, or the judged code works twice afterwards', async () => {
  const both = await judge(['5 of 30 failed'])
  expect(both.verdict.outcome).toBe('inconclusive')
  expect(both.verdict.headline).toMatch(/machine is too busy/)
  const works = await judge([null, null, null, null])
  expect(works.codes).toHaveLength(4)
  expect(works.verdict.outcome).toBe('inconclusive')
  expect((await judge([null, null, '5 of 30 failed'])).verdict.headline).toMatch(/own code/)
})

test('inconclusive: the machine was busy the second time', async () => {
  const machineAgain = { ...idle, othersShare: 0.7 }
  const { verdict } = await judge([null, 'it failed again'], { machineAgain })
  expect(verdict.outcome).toBe('inconclusive')
  expect(verdict.headline).toMatch(/other programs used 70 %/)
})

test('inconclusive at once: the machine is busy, or the shop itself was judged', async () => {
  const machine = { ...idle, othersShare: 0.7 }
  const busy = await judge([], { machine })
  expect(busy).toMatchObject({ verdict: { outcome: 'inconclusive' }, codes: [] })
  expect(busy.verdict.headline).toMatch(/other programs used 70 %/)
  const { exercise: _, ...shop } = request
  expect(await judge([], { judged: shop })).toMatchObject({
    verdict: { outcome: 'inconclusive' },
    codes: [],
  })
})

test('a false response is a violation on any machine', async () => {
  const { sandbox } = await createFakeSandbox()
  const page = { sku: 'mug', name: 'Mug', priceCents: 1, stock: 1 }
  const operation = readOperation(1, 'browse')
  const attempts = operation.attempts.map((attempt) => ({ ...attempt, body: page }))
  const verdict = await judgeHappyPath(sandbox, request, {
    operations: [{ ...operation, attempts }],
    trouble: 'It failed.',
    epochMs: 0,
    began: { zeroMs: 0, workloadStartedAt: '2026-01-05T10:00:00.000Z', loadFromMs: 0 },
    durationMs: 1_000,
    events: [],
    machine: { ...idle, othersShare: 0.95 },
  })
  expect(verdict).toMatchObject({ outcome: 'violated', checks: [{ name: 'responses-are-true' }] })
})
