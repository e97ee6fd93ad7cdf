import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setImmediate } from 'node:timers/promises'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'

import { expect, test } from 'vitest'

import { createProgressStore } from '#chaos/exercise/progress-store.ts'
import { homeAt } from '#chaos/home/home.ts'
import { systemClock } from '#chaos/lib/clock.ts'
import { InputError } from '#chaos/lib/errors.ts'
import { labs } from '#labs/index.ts'

import { openWorkshop } from '../testing/open-workshop.ts'
import { createMember } from './member.ts'
import { runMember } from './run-member.ts'

const { signal } = new AbortController()
setFlagsFromString('--expose-gc')
const collectGarbage = runInNewContext('gc') as () => void

const it = test
  .extend('home', async ({}, { onCleanup }) => {
    const folder = await mkdtemp(join(tmpdir(), 'unhappy-member-'))
    onCleanup(async () => rm(folder, { recursive: true }))
    return homeAt(folder)
  })
  .extend('progress', ({ home }) =>
    createProgressStore(home.work, { clock: systemClock, warn: () => undefined }),
  )
  .extend('member', ({ home, progress }) =>
    createMember({
      home,
      labs,
      progress,
      clock: systemClock,
      factsOf: async () => ({ seed: 7, failed: ['orders-paid'] }),
    }),
  )
  .extend('host', async ({}, { onCleanup }) => {
    const open = await openWorkshop(systemClock)
    onCleanup(async () => open[Symbol.asyncDispose]())
    const url = await open.app.listen({ host: '127.0.0.1', port: 0 })
    const { code } = open.workshop.settings
    const request = { url, code, name: 'Ada' }
    const reports = () => open.workshop.records().flatMap((record) => record.reports)
    return { ...open, url, request, reports }
  })

const at = '2030-01-01T00:00:00.000Z'

it('a text that is too long for the host is refused, and the learner stays in the workshop', async ({
  host,
  home,
  member,
}) => {
  await member.join(host.request, signal)
  await expect(member.help({ text: 'x'.repeat(2_001) })).rejects.toThrow(InputError)
  await mkdir(join(home.work, 'lab-zero'), { recursive: true })
  await writeFile(join(home.work, 'lab-zero', 'read-product.ts'), `// ${'x'.repeat(50_000)}\n`)
  await expect(member.share('lab-zero')).rejects.toThrow(InputError)
  expect(await member.view()).toMatchObject({ joined: { name: 'Ada' }, waiting: 0 })
  expect((await member.help({ text: 'x'.repeat(2_000) })).waiting).toBe(1)
})

it('what happened before joining is not reported, and what happens later is', async ({
  host,
  member,
  progress,
}) => {
  await progress.change('dual-write', (before) => ({ ...before, startedAt: at, hintsUsed: 2 }))
  await member.join(host.request, signal)
  await progress.change('lab-zero', (before) => ({
    ...before,
    startedAt: at,
    hintsUsed: 1,
    prediction: { answer: 1, confidence: 80, at },
    explanation: 'the cache decides',
    outcomes: [{ run: 'run-1', outcome: 'violated', at }],
  }))
  expect(await member.collect()).toBe(true)
  await member.send(signal)
  expect(host.reports().toSorted((a, b) => a.type.localeCompare(b.type))).toMatchObject([
    { type: 'explanation', lab: 'lab-zero', characters: 17 },
    { type: 'hint', lab: 'lab-zero', used: 1 },
    { type: 'lab-opened', lab: 'lab-zero' },
    { type: 'prediction', lab: 'lab-zero', answer: 1, confidence: 80 },
    {
      type: 'verdict',
      lab: 'lab-zero',
      run: 'run-1',
      outcome: 'violated',
      seed: 7,
      failed: ['orders-paid'],
    },
  ])
  expect(JSON.stringify(host.reports())).not.toContain('the cache decides')
})

it('reports wait while the host is down, and each arrives once', async ({
  host,
  member,
  progress,
}) => {
  await member.join(host.request, signal)
  await member.file.change((before) =>
    before === null ? null : { ...before, url: 'http://127.0.0.1:9' },
  )
  await progress.change('lab-zero', (before) => ({ ...before, startedAt: at }))
  await member.collect()
  await member.collect()
  await member.send(signal)
  expect(await member.view()).toMatchObject({
    waiting: 1,
    sent: 0,
    problem: expect.stringContaining('127.0.0.1:9') as string,
  })
  await member.file.change((before) => (before === null ? null : { ...before, url: host.url }))
  await Promise.all([member.send(signal), member.send(signal)])
  expect(await member.view()).toMatchObject({ waiting: 0, sent: 1, problem: null })
  expect(host.reports()).toHaveLength(1)
})

it('notes and timers arrive at a running sandbox, and an incident only after consent', async ({
  home,
  host,
  member,
}) => {
  await member.join(host.request, signal)
  await using _running = runMember({ member, home, clock: systemClock, onChanged: () => undefined })
  host.workshop.push({ to: 'all', push: { type: 'note', text: 'look at the truth' } })
  host.workshop.startExercise({ title: 'Lab zero', lab: 'lab-zero', limitMs: 60_000 })
  await expect
    .poll(async () => await member.view())
    .toMatchObject({
      inbox: [{ type: 'note', text: 'look at the truth' }],
      exercise: { title: 'Lab zero', state: 'running' },
    })
  const body = { to: 'all', incident: 'g1', seed: 1, limitMs: 60_000 } as const
  expect(() => host.workshop.startIncident(body)).toThrow(/agreed/)
})

it('ends at once, also long after it was connected', async ({ home, host, member }) => {
  await member.join(host.request, signal)
  const running = runMember({ member, home, clock: systemClock, onChanged: () => undefined })
  host.workshop.push({ to: 'all', push: { type: 'note', text: 'hello' } })
  await expect.poll(async () => (await member.view()).inbox.length).toBe(1)
  // What only a collected object would have aborted is never aborted.
  for (let i = 0; i < 5; i++) {
    collectGarbage()
    await setImmediate()
  }
  await running[Symbol.asyncDispose]()
}, 5_000)

it('leaving sends only what was recorded before', async ({ host, member, progress }) => {
  await member.join(host.request, signal)
  await member.help({ text: 'please' })
  await member.leave()
  await progress.change('lab-zero', (before) => ({ ...before, startedAt: at }))
  await member.collect()
  await member.send(signal)
  expect(host.reports().map(({ type }) => type)).toEqual(['help', 'left'])
  expect(await member.view()).toMatchObject({ joined: null, waiting: 0 })
})

it('a learner who comes back before the host knows that they left is there', async ({
  host,
  member,
}) => {
  await member.join(host.request, signal)
  await member.leave()
  await member.join(host.request, signal)
  await member.send(signal)
  expect(host.workshop.instructorView().learners).toMatchObject([{ phase: 'joined' }])
})

it('another workshop at the same address sends its notes from the first one on', async ({
  host,
  member,
}) => {
  await member.join(host.request, signal)
  host.workshop.push({ to: 'all', push: { type: 'note', text: 'of the first workshop' } })
  host.workshop.push({ to: 'all', push: { type: 'note', text: 'the last one' } })
  await member.receive(signal)
  await host.app.close()
  await using second = await openWorkshop(systemClock)
  await second.app.listen({ host: '127.0.0.1', port: Number(new URL(host.url).port) })
  await member.join({ ...host.request, code: second.workshop.settings.code }, signal)
  second.workshop.push({ to: 'all', push: { type: 'note', text: 'of the second workshop' } })
  await member.receive(signal)
  expect((await member.view()).inbox).toMatchObject([{ text: 'of the second workshop' }])
})
