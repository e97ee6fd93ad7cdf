import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { test as base, expect } from 'vitest'

import { systemClock } from '#chaos/lib/clock.ts'

import { createProgressStore } from './progress-store.ts'
import type { LabProgress } from './progress-store.ts'

const test = base.extend('folder', async ({}, { onCleanup }) => {
  const folder = await mkdtemp(join(tmpdir(), 'unhappy-progress-'))
  onCleanup(async () => rm(folder, { recursive: true }))
  return folder
})

const storeIn = (folder: string, warnings: string[] = []) =>
  createProgressStore(folder, { clock: systemClock, warn: (text) => warnings.push(text) })

test('a new lab has no progress, and reading creates no file', async ({ folder }) => {
  expect(await storeIn(folder).of('dual-write')).toEqual({ hintsUsed: 0, outcomes: [] })
  expect(await readdir(folder)).toEqual([])
})

test('the next store reads what the last one has written', async ({ folder }) => {
  await storeIn(folder).change('dual-write', (before) => ({ ...before, hintsUsed: 2 }))
  expect(await storeIn(folder).of('dual-write')).toMatchObject({ hintsUsed: 2 })
})

const oneMoreHint = (before: LabProgress): LabProgress => ({
  ...before,
  hintsUsed: before.hintsUsed + 1,
})

test('two stores that change the same lab at the same moment lose no change', async ({
  folder,
}) => {
  const stores = [storeIn(folder), storeIn(folder)]
  await Promise.all(
    stores.flatMap((store) =>
      Array.from({ length: 20 }, async () => store.change('dual-write', oneMoreHint)),
    ),
  )
  expect(await storeIn(folder).of('dual-write')).toMatchObject({ hintsUsed: 40 })
})

test('a store reads what another store has written', async ({ folder }) => {
  const [first, second] = [storeIn(folder), storeIn(folder)]
  expect(await first.of('dual-write')).toMatchObject({ hintsUsed: 0 })
  await second.change('dual-write', oneMoreHint)
  await first.change('oversell', oneMoreHint)
  expect(await first.of('dual-write')).toMatchObject({ hintsUsed: 1 })
})

test('a file with a byte order mark is not damaged', async ({ folder }) => {
  await storeIn(folder).change('dual-write', oneMoreHint)
  const path = join(folder, '.progress.json')
  await writeFile(path, `\uFEFF${await readFile(path, 'utf8')}`)
  const warnings: string[] = []
  expect(await storeIn(folder, warnings).of('dual-write')).toMatchObject({ hintsUsed: 1 })
  expect(warnings).toEqual([])
})

test('a change that throws changes nothing and releases the lock', async ({ folder }) => {
  const store = storeIn(folder)
  const refuse = (): never => {
    throw new Error('refused')
  }
  await expect(store.change('dual-write', refuse)).rejects.toThrow('refused')
  expect(await readdir(folder)).toEqual([])
})

test.for(['{"version":1,"labs":', '[]', '{"version":1,"labs":{"x":{"hintsUsed":"two"}}}'])(
  'a damaged file (%s) is kept under another name, with a warning',
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
