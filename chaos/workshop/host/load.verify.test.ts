import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { expect, test } from 'vitest'

import { systemClock } from '#chaos/lib/clock.ts'
import { createRandom } from '#chaos/lib/random.ts'

import { simulateLearners } from '../testing/simulate-learners.ts'
import { spawnHost } from '../testing/spawn-host.ts'

const it = test.extend('folder', async ({}, { onCleanup }) => {
  const folder = await mkdtemp(join(tmpdir(), 'unhappy-workshop-'))
  onCleanup(async () => rm(folder, { recursive: true }))
  return folder
})

it('300 learners: a report takes at most 100 ms (p99), and the memory stays flat', async ({
  folder,
}) => {
  await using host = await spawnHost(folder)
  const simulate = async (seed: number) =>
    await simulateLearners({
      learners: 300,
      reportsEach: 10,
      lab: 'lab-zero',
      pauseMs: 3_000,
      url: host.url,
      code: host.code,
      random: createRandom(seed),
      clock: systemClock,
      signal: new AbortController().signal,
    })
  const first = await simulate(1)
  const before = await host.memory()
  const second = await simulate(2)
  const after = await host.memory()
  expect(first.acknowledged.size + second.acknowledged.size).toBe(600)
  expect(Math.max(first.p99Ms, second.p99Ms)).toBeLessThanOrEqual(100)
  // Another 300 learners with their state: a few kilobytes each.
  expect(after.heapUsed - before.heapUsed).toBeLessThan(10 * 1024 * 1024)
})
