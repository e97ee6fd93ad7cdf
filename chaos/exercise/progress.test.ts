import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { test as base, expect } from 'vitest'

import { systemClock } from '#chaos/lib/clock.ts'

import { createProgressStore } from './progress.ts'

const test = base.extend('folder', async ({}, { onCleanup }) => {
  const folder = await mkdtemp(join(tmpdir(), 'unhappy-progress-'))
  onCleanup(async () => rm(folder, { recursive: true }))
  return folder
})

const storeIn = (folder: string, warnings: string[] = []) =>
  createProgressStore(folder, { clock: systemClock, warn: (text) => warnings.push(text) })

test('a lab that was never touched has no progress, and asking leaves no file', async ({
  folder,
}) => {
  expect(await storeIn(folder).of('dual-write')).toEqual({ hintsUsed: 0, outcomes: [] })
  expect(await readdir(folder)).toEqual([])
})

test('what was written is there for the next process', async ({ folder }) => {
  await storeIn(folder).change('dual-write', (before) => ({ ...before, hintsUsed: 2 }))
  expect(await storeIn(folder).of('dual-write')).toMatchObject({ hintsUsed: 2 })
})

test('changes at the same time do not lose one another', async ({ folder }) => {
  const store = storeIn(folder)
  const once = (before: { hintsUsed: number }) => ({
    outcomes: [],
    hintsUsed: before.hintsUsed + 1,
  })
  await Promise.all(Array.from({ length: 20 }, async () => store.change('dual-write', once)))
  expect(await store.of('dual-write')).toMatchObject({ hintsUsed: 20 })
})

test.for(['{"version":1,"labs":', '[]', '{"version":1,"labs":{"x":{"hintsUsed":"two"}}}'])(
  'a damaged file (%s) is set aside and said to be',
  async (text, { folder }) => {
    await writeFile(join(folder, '.progress.json'), text)
    const warnings: string[] = []
    const store = storeIn(folder, warnings)
    expect(await store.of('x')).toEqual({ hintsUsed: 0, outcomes: [] })
    const aside = (await readdir(folder)).find((name) => name.includes('broken'))
    expect(await readFile(join(folder, aside ?? ''), 'utf8')).toBe(text)
    expect(warnings[0]).toContain(aside)
  },
)
