import { existsSync, readFileSync, statSync, utimesSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { test as base, expect } from 'vitest'

import { systemClock } from '#chaos/lib/clock.ts'
import { InputError } from '#chaos/lib/errors.ts'

import type { Cell } from '../matrix.ts'
import type { SweepProgress } from '../sweep.ts'
import { liveFileName, type LiveHead } from './live-line.ts'
import { createLiveReader } from './live-reader.ts'
import { writeLive } from './write-live.ts'

const test = base.extend('folder', async ({}, { onCleanup }) => {
  const folder = await mkdtemp(join(tmpdir(), 'unhappy-live-'))
  onCleanup(async () => rm(folder, { recursive: true, force: true }))
  return folder
})

const head: LiveHead = {
  flow: 'place-order',
  variant: 'shop',
  code: null,
  mode: 'full',
  startedAt: '2030-01-01T00:00:00.000Z',
  env: { node: 'v24', sandboxes: 1, timersScaled: {}, netsOff: [] },
}

function progress(...ids: readonly string[]): SweepProgress {
  const cells = ids.map((id): Cell => ({ id, step: 's01', column: 'reply-cut', result: 'ok' }))
  return {
    phase: 'cells',
    steps: [],
    background: [],
    baseline: { runs: 3, exchanges: [], ms: [], history: [] },
    cells,
    total: 9,
    elapsedMs: 1,
    leftMs: 2_000,
  }
}

const textOf = (folder: string): string => readFileSync(join(folder, liveFileName), 'utf8')

test('a reader of the growing file receives every cell once, wherever the pieces are cut', ({
  folder,
}) => {
  using live = writeLive(folder, head, systemClock)
  const learned = { effect: {}, tables: [], notes: ['the same id sent twice has one effect'] }
  live.status('starting — a shop')
  live.show({ ...progress('a'), learned })
  live.show(progress('a', 'b'))
  const text = textOf(folder)
  const reader = createLiveReader()
  const seen = text.split('').flatMap((unit) => reader.add(unit))
  expect(seen.map(({ id }) => id)).toEqual(['a', 'b'])
  expect(reader.state).toMatchObject({ head, leftMs: 2_000, baseline: { total: 9, learned } })
  expect(reader.state.ended).toBeUndefined()
})

test('an X-ray that is stopped before its first cell leaves nothing', ({ folder }) => {
  writeLive(folder, head, systemClock)[Symbol.dispose]()
  expect(existsSync(folder)).toBe(false)
})

test('an X-ray that is stopped later, or fails, keeps its cells and how it ended', ({ folder }) => {
  const half = writeLive(folder, head, systemClock)
  half.show(progress('a'))
  half[Symbol.dispose]()
  const reader = createLiveReader()
  reader.add(textOf(folder))
  expect(reader.state).toMatchObject({ cells: [{ id: 'a' }], ended: { how: 'stopped' } })
  const failed = writeLive(folder, head, systemClock)
  failed.broken(new InputError('no shop', { remedy: 'Start one.' }), 'failed')
  failed[Symbol.dispose]()
  const other = createLiveReader()
  other.add(textOf(folder))
  expect(other.state.ended).toMatchObject({ how: 'failed', error: 'no shop Start one.' })
})

test('the file is removed when the matrix exists, and nothing more is written', ({ folder }) => {
  const live = writeLive(folder, head, systemClock)
  live.show(progress('a'))
  live.done()
  live[Symbol.dispose]()
  expect(existsSync(join(folder, liveFileName))).toBe(false)
})

test('the file is touched while no cell ends, so that a dead writer differs from a slow one', async ({
  folder,
}) => {
  const path = join(folder, liveFileName)
  let wake: (() => void) | undefined
  const clock = {
    ...systemClock,
    sleep: async () =>
      new Promise<void>((resolve) => {
        wake = resolve
      }),
  }
  using _live = writeLive(folder, head, clock)
  utimesSync(path, new Date(0), new Date(0))
  wake?.()
  await expect.poll(() => statSync(path).mtimeMs).toBeGreaterThan(0)
})
