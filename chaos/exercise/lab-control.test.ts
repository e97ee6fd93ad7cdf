import { mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { test as base, expect } from 'vitest'

import { homeAt } from '#chaos/home/home.ts'
import { systemClock } from '#chaos/lib/clock.ts'
import { labZero } from '#labs/first-steps/lab-zero/lab.ts'

import { createLabControl } from './lab-control.ts'
import { createProgressStore } from './progress-store.ts'

const test = base
  .extend('home', async ({}, { onCleanup }) => {
    const home = homeAt(await mkdtemp(join(tmpdir(), 'unhappy-desk-')))
    onCleanup(async () => rm(home.folder, { recursive: true }))
    return home
  })
  .extend('desk', ({ home }) =>
    createLabControl({
      home,
      labs: [labZero],
      clock: systemClock,
      progress: createProgressStore(home.work, { clock: systemClock, warn: () => undefined }),
      runsOf: async () => [],
    }),
  )

test('a lab is new until it is started', async ({ desk }) => {
  expect((await desk.list())[0]?.state).toBe('new')
  await desk.start('lab-zero')
  expect((await desk.list())[0]?.state).toBe('started')
})

test('starting again never overwrites what the learner wrote', async ({ desk, home }) => {
  await desk.start('lab-zero')
  const path = join(home.work, 'lab-zero', 'read-product.ts')
  await writeFile(path, '// mine\n')
  await desk.start('lab-zero')
  expect(await readFile(path, 'utf8')).toBe('// mine\n')
})

test('a reset brings the start back and keeps the old files', async ({ desk, home }) => {
  await desk.start('lab-zero')
  const path = join(home.work, 'lab-zero', 'read-product.ts')
  await writeFile(path, '// mine\n')
  await desk.reset('lab-zero')
  expect(await readFile(path, 'utf8')).toContain('Task:')
  const [backup] = await readdir(join(home.work, '.backups'))
  const kept = join(home.work, '.backups', backup ?? '', 'read-product.ts')
  expect(await readFile(kept, 'utf8')).toBe('// mine\n')
})

test('a prediction is locked once', async ({ desk }) => {
  await desk.predict('lab-zero', { answer: 1, confidence: 70 })
  await expect(desk.predict('lab-zero', { answer: 2, confidence: 70 })).rejects.toMatchObject({
    status: 409,
  })
  expect((await desk.get('lab-zero')).prediction).toMatchObject({ answer: 1, confidence: 70 })
})

test('nobody predicts what was measured already', async ({ desk }) => {
  await desk.record('lab-zero', 'run-1', 'violated')
  await expect(desk.predict('lab-zero', { answer: 2, confidence: 99 })).rejects.toThrow(/too late/)
})

test('which answer was right is told only after a measurement', async ({ desk }) => {
  expect((await desk.get('lab-zero')).outcomeOfPrediction).toBeNull()
  await desk.record('lab-zero', 'run-1', 'inconclusive')
  expect((await desk.get('lab-zero')).outcomeOfPrediction).toBeNull()
  await desk.record('lab-zero', 'run-2', 'violated')
  expect((await desk.get('lab-zero')).outcomeOfPrediction).toMatchObject({ right: 2 })
})

test('hints come one by one and end', async ({ desk }) => {
  expect((await desk.get('lab-zero')).hints).toEqual([])
  expect((await desk.hint('lab-zero')).hints).toEqual([labZero.hints[0]])
  for (let i = 0; i < 5; i++) await desk.hint('lab-zero')
  expect((await desk.get('lab-zero')).hints).toEqual(labZero.hints)
})

test('a lab that has held stays held', async ({ desk }) => {
  await desk.record('lab-zero', 'run-1', 'held')
  await desk.record('lab-zero', 'run-2', 'violated')
  expect((await desk.get('lab-zero')).state).toBe('held')
})

test("the solution is the difference to the shop's own file", async ({ desk }) => {
  const { files } = await desk.solution('lab-zero')
  expect(files[0]?.shop).toBe('services/api/seams/read-product.ts')
  expect(files[0]?.diff).toMatch(/^-.*await cache\.get\(sku\)$/m)
})

test('an unknown lab gets the nearest name', async ({ desk }) => {
  await expect(desk.get('lab-zer')).rejects.toThrow('Did you mean "lab-zero"?')
})
