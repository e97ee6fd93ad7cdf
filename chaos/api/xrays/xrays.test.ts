import { mkdir, mkdtemp, rm, utimes, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { test as base, expect, vi } from 'vitest'

import type { XrayEvent } from '#chaos/contracts/events.ts'
import { systemClock } from '#chaos/lib/clock.ts'
import { liveFileName } from '#chaos/xray/live/live-line.ts'
import { writeLive } from '#chaos/xray/live/write-live.ts'
import type { Cell } from '#chaos/xray/matrix.ts'

import { watchXrays } from './watch-xrays.ts'
import { createXrayArchive } from './xray-archive.ts'

const id = 'xray-20300101-000000-place-order'

const test = base.extend('folder', async ({}, { onCleanup }) => {
  const folder = await mkdtemp(join(tmpdir(), 'unhappy-xrays-'))
  onCleanup(async () => rm(folder, { recursive: true, force: true }))
  await mkdir(join(folder, id))
  return folder
})

const head = {
  flow: 'place-order',
  variant: 'naive',
  code: null,
  mode: 'full',
  startedAt: '2030-01-01T00:00:00.000Z',
  env: { node: 'v24', sandboxes: 1, timersScaled: {}, netsOff: [] },
} as const
const unchanged = {
  steps: [],
  background: [],
  baseline: { runs: 3, exchanges: [], ms: [], history: [] },
}
const history = [{ atMs: 1, kind: 'fault', from: 'a', to: 'b', text: 'gone' }] as const

function cell(column: Cell['column'], result: Cell['result']): Cell {
  return { id: `s01/${column}`, step: 's01', column, result, history }
}

function progress(...cells: readonly Cell[]) {
  return { phase: 'cells', ...unchanged, cells, total: 3, elapsedMs: 1 } as const
}

test('a running X-ray is listed and can be read; only a request for one cell returns its course', async ({
  folder,
}) => {
  const archive = createXrayArchive(folder, systemClock)
  using live = writeLive(join(folder, id), head, systemClock)
  live.show(progress(cell('reply-cut', 'double-effect')))
  expect(await archive.list()).toMatchObject([
    { id, state: 'running', done: 1, total: 3, integrity: 1, liveness: 0 },
  ])
  const { matrix } = await archive.load(id)
  expect(matrix.cells).toEqual([{ ...cell('reply-cut', 'double-effect'), history: undefined }])
  expect(await archive.cell(id, 's01/reply-cut')).toMatchObject({ history })
  await expect(archive.cell(id, 's09/reply-cut')).rejects.toThrow(/no cell "s09/)
  await expect(archive.file(id, 'xray.json')).rejects.toThrow(/no file/)
})

test('an X-ray without a process has failed, unless it has a result', async ({ folder }) => {
  const archive = createXrayArchive(folder, systemClock)
  using live = writeLive(join(folder, id), head, systemClock)
  live.show(progress(cell('reply-cut', 'ok')))
  await utimes(join(folder, id, liveFileName), new Date(0), new Date(0))
  expect(await archive.list()).toMatchObject([
    { state: 'failed', error: expect.any(String) as string },
  ])
  const result = { v: 1, kind: 'failure-matrix', ...head, ...unchanged, columns: [], classes: [] }
  const cells = [cell('reply-cut', 'stuck'), cell('request-cut', 'not-fired')]
  await writeFile(join(folder, id, 'xray.json'), JSON.stringify({ ...result, cells }))
  expect(await archive.list()).toMatchObject([{ state: 'done', liveness: 1, silent: 1 }])
  live.done()
  expect(await archive.list()).toMatchObject([{ state: 'done' }])
})

test('a name that is not an X-ray is refused', async ({ folder }) => {
  const archive = createXrayArchive(folder, systemClock)
  for (const name of ['../etc', 'xray-../x', 'xray-1/../../x', '20300101-run'])
    await expect(archive.load(name)).rejects.toThrow(/no X-ray/)
  await expect(archive.file(id, '../secret')).rejects.toThrow(/no file/)
})

test('the watch publishes every new cell once, and the end', async ({ folder }) => {
  const events: XrayEvent[] = []
  const publish = (event: XrayEvent): void => void events.push(event)
  await using _watch = watchXrays({ folder, clock: systemClock, publish })
  using live = writeLive(join(folder, id), head, systemClock)
  live.status('starting a shop')
  await vi.waitFor(() => expect(events.at(-1)).toMatchObject({ status: 'starting a shop' }), 5_000)
  live.show(progress(cell('reply-cut', 'ok')))
  await vi.waitFor(() => expect(events.at(-1)).toMatchObject({ done: 1, total: 3 }), 5_000)
  live.show(progress(cell('reply-cut', 'ok'), cell('request-cut', 'lost')))
  await vi.waitFor(() => expect(events.at(-1)).toMatchObject({ done: 2 }), 5_000)
  await writeFile(join(folder, id, 'xray.json'), '{}')
  live.done()
  await vi.waitFor(() => expect(events.at(-1)).toMatchObject({ state: 'done' }), 5_000)
  const cells = events.flatMap((event) => event.cells)
  expect(cells.map((one) => one.id)).toEqual(['s01/reply-cut', 's01/request-cut'])
  expect(JSON.stringify(cells)).not.toContain('gone')
})

test('an X-ray that had ended before the watch started is not published', async ({ folder }) => {
  const ended = writeLive(join(folder, id), head, systemClock)
  ended.broken(new Error('no shop'), 'failed')
  const publish = vi.fn<(event: XrayEvent) => void>()
  const sleep = vi.fn<() => Promise<void>>(async () => systemClock.sleep(5))
  await using _watch = watchXrays({ folder, clock: { ...systemClock, sleep }, publish })
  await expect.poll(() => sleep.mock.calls.length).toBeGreaterThan(2)
  expect(publish).not.toHaveBeenCalled()
})
