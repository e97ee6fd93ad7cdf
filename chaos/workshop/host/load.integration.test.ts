import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { expect, test } from 'vitest'

import type { InstructorView, LearnerRecord } from '#chaos/contracts/workshop.ts'
import { systemClock } from '#chaos/lib/clock.ts'
import { createRandom } from '#chaos/lib/random.ts'

import { simulateLearners } from '../testing/simulate-learners.ts'
import { spawnHost } from '../testing/spawn-host.ts'

const it = test.extend('folder', async ({}, { onCleanup }) => {
  const folder = await mkdtemp(join(tmpdir(), 'unhappy-workshop-'))
  onCleanup(async () => rm(folder, { recursive: true }))
  return folder
})

it('after SIGKILL in the middle, 30 learners lose nothing and nothing counts twice', async ({
  folder,
}) => {
  await using first = await spawnHost(folder)
  const ended = new AbortController()
  const simulating = simulateLearners({
    learners: 30,
    reportsEach: 6,
    lab: 'lab-zero',
    pauseMs: 150,
    url: first.url,
    code: first.code,
    random: createRandom(7),
    clock: systemClock,
    signal: ended.signal,
  })
  simulating.catch(() => undefined)
  await expect
    .poll(async () => (await viewOf(first)).feed.length, { interval: 20, timeout: 60_000 })
    .toBeGreaterThan(45)
  await first.kill()
  await using second = await spawnHost(folder, Number(new URL(first.url).port))
  expect(second.code).toBe(first.code)
  const { acknowledged } = await simulating
  expect(acknowledged.size).toBe(30)
  const view = await viewOf(second)
  expect(view.learners.filter(({ phase }) => phase === 'held')).toHaveLength(30)
  expect(view.predictions).toMatchObject([{ lab: 'lab-zero', total: 30 }])
  for (const [learner, ids] of acknowledged) {
    const { reports } = await read<LearnerRecord>(second, `/api/workshop/learners/${learner}`)
    expect(reports.map(({ id }) => id).toSorted()).toEqual([...ids].toSorted())
  }
  ended.abort()
}, 240_000)

interface Host {
  readonly url: string
  readonly instructorToken: string
}

async function viewOf(host: Host): Promise<InstructorView> {
  return await read<InstructorView>(host, '/api/workshop')
}

async function read<T>({ url, instructorToken }: Host, path: string): Promise<T> {
  const headers = { authorization: `Bearer ${instructorToken}` }
  const response = await fetch(new URL(path, url), { headers })
  expect(response.status).toBe(200)
  return (await response.json()) as T
}
