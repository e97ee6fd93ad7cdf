import { mkdir, mkdtemp, rm } from 'node:fs/promises'
import { join } from 'node:path'

import { afterAll, beforeAll, expect, test } from 'vitest'

import { launchSandbox } from '#chaos/cli/sandbox/launch.ts'
import type { LaunchedSandbox } from '#chaos/cli/sandbox/launch.ts'
import { homeAt, projectRoot } from '#chaos/home/home.ts'
import { systemClock } from '#chaos/lib/clock.ts'

import { judgeIncident } from './judge-incident.ts'
import { readIncidents } from './read-incidents.ts'

/** One with the shop and one with a naive version. `npm run verify -- --only incidents` runs every page. */
const cases = readIncidents().flatMap(({ name, runs }) => {
  if (name === 'charged-not-recorded') return runs.slice(1, 2)
  return name === 'killed-worker' ? runs.slice(0, 1) : []
})

const stack = new AsyncDisposableStack()
let sandbox: LaunchedSandbox | undefined

beforeAll(async () => {
  await mkdir(join(projectRoot, '.unhappy'), { recursive: true })
  const folder = await mkdtemp(join(projectRoot, '.unhappy', 'test-incidents-'))
  stack.defer(async () => await rm(folder, { recursive: true, force: true }))
  const { signal } = new AbortController()
  sandbox = stack.use(
    await launchSandbox(
      { home: homeAt(folder), slot: undefined, clock: systemClock, signal },
      { ephemeral: true, detached: false, onProgress: () => undefined },
    ),
  )
})

afterAll(async () => await stack.disposeAsync())

test('two runs are chosen', () => {
  expect(cases.map(({ outcome }) => outcome).toSorted()).toEqual(['held', 'violated'])
})

test.each(cases)('$scenario $exercise: $outcome', async (shown) => {
  if (sandbox === undefined) throw new Error('The sandbox is not up.')
  const { problem } = await judgeIncident(sandbox.client, shown)
  expect(problem).toBeUndefined()
})
