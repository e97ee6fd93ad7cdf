import { expect, test } from 'vitest'

import type { CheckBody, RunView } from '#chaos/contracts/api.ts'
import type { CheckResult } from '#chaos/contracts/check.ts'
import { dualWrite } from '#labs/data-correctness/dual-write/lab.ts'
import { zombieLock } from '#labs/data-correctness/zombie-lock/lab.ts'
import { labs } from '#labs/index.ts'

import type { SharedResources } from '../task.ts'
import { variantTasks } from './variant-tasks.ts'

const held: CheckResult = {
  name: 'variants',
  title: '',
  outcome: 'held',
  summary: 'redis-refuses: all 6 checks held.',
  offenders: [],
  offendersTotal: 0,
}

/** A sandbox in which every check ends with `run`. */
function sandboxWith(run: Partial<RunView>) {
  const checked: (CheckBody & { readonly lab: string })[] = []
  const dropped: string[] = []
  const folder = '.unhappy/no-such-run'
  const client = {
    checkLab: async (lab: string, body: CheckBody) => {
      checked.push({ lab, ...body })
      return { id: 'r1' }
    },
    runView: async () => ({ state: 'done', checks: [], folder, seed: 7, error: null, ...run }),
  }
  const shared = {
    get: async () => ({ client }),
    drop: async (name: string) => void dropped.push(name),
  } as unknown as SharedResources
  return { checked, dropped, shared }
}

async function judge(run: Partial<RunView>) {
  const sandbox = sandboxWith(run)
  const { signal } = new AbortController()
  const name = 'variants/dual-write/redis-refuses/alternatives/outbox-and-nudge'
  const task = variantTasks([dualWrite]).find((one) => one.name === name)
  const result = await task?.run({ shared: sandbox.shared, signal, round: 0 })
  return { ...sandbox, result }
}

test('each variant of a lab has a task for the shop and for each alternative', () => {
  const names = variantTasks([zombieLock]).map(({ name }) => name)
  const [first = ''] = names
  const variant = first.split('/')[2]
  expect(names.filter((name) => name.split('/')[2] === variant)).toEqual([
    `variants/zombie-lock/${variant}/shop`,
    `variants/zombie-lock/${variant}/alternatives/newer-only`,
    `variants/zombie-lock/${variant}/alternatives/advisory-lock`,
  ])
  const all = variantTasks(labs)
  expect(new Set(all.map(({ name }) => name)).size).toBe(all.length)
  expect(all.map(({ times }) => times)).toEqual(all.map(() => 1))
  expect(variantTasks([{ ...dualWrite, id: 'no-such-lab' }])).toEqual([])
})

test('a task runs its variant alone, and shows the result of the variant', async () => {
  const { checked, dropped, result } = await judge({ outcome: 'held', checks: [held] })
  expect(result).toEqual({ ok: true, detail: held.summary })
  expect(checked).toEqual([
    { lab: 'dual-write', version: 'alternatives/outbox-and-nudge', variants: ['redis-refuses'] },
  ])
  expect(dropped).toEqual([])
})

test.for(['violated', 'inconclusive'] as const)(
  '%s is not the expected result: it names the run and its seed',
  async (outcome) => {
    const { result } = await judge({ outcome, headline: 'lost' })
    expect(result).toMatchObject({ ok: false })
    expect(result?.detail).toMatch(/lost.*no-such-run seed 7/)
  },
)

test('a run without a verdict drops the sandbox', async () => {
  const { dropped, result } = await judge({ outcome: null, state: 'failed' })
  expect(result).toMatchObject({ ok: false })
  expect(dropped).toEqual(['sandbox'])
})

test('the hash of a task depends on the variant and on the version', async () => {
  const some = variantTasks([dualWrite]).slice(0, 4)
  const hashes = await Promise.all(some.map(async (task) => await task.hash({})))
  expect(new Set(hashes).size).toBe(some.length)
})
