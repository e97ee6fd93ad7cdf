import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { test as base, expect } from 'vitest'

import type { Matrix } from '#chaos/xray/matrix.ts'

// Loaded here, so loading takes no test's time.
import '../commands/xray.ts'
import '../commands/xray/diff.ts'
import '../commands/xray/replay.ts'
import { runInProcess } from '../testing/in-process.ts'

const test = base.extend('home', async ({}, { onCleanup }) => {
  const home = await mkdtemp(join(tmpdir(), 'unhappy-xray-'))
  onCleanup(async () => rm(home, { recursive: true }))
  return home
})

function matrix(variant: string, result: string): Partial<Matrix> {
  return {
    v: 1,
    kind: 'failure-matrix',
    flow: 'place-order',
    variant,
    mode: 'full',
    startedAt: '2026-01-05T10:00:00.000Z',
    code: null,
    env: { netsOff: [] },
    baseline: { history: [] },
    columns: ['reply-cut', 'caller-dies-after'],
    steps: [{ id: 's01', link: 'api:postgres', signature: 'COMMIT', nth: 1 }],
    cells: [
      { id: 's01/reply-cut', step: 's01', column: 'reply-cut', result },
      { id: 's01/caller-dies-after', step: 's01', column: 'caller-dies-after', result: 'n/a' },
    ],
  } as unknown as Partial<Matrix>
}

async function save(home: string, name: string, content: unknown): Promise<string> {
  const file = join(home, name)
  await writeFile(file, JSON.stringify(content))
  return file
}

test('a diff exits with 0 if cells are fixed, and with 1 if cells are newly broken', async ({
  home,
}) => {
  const naive = await save(home, 'a.json', matrix('naive', 'lost'))
  const mine = await save(home, 'b.json', matrix('mine', 'ok-retried'))
  const fixed = await runInProcess(['xray', 'diff', naive, mine], { home })
  expect(fixed).toMatchObject({ status: 0 })
  expect(fixed.stdout).toContain('naive -> mine: 1 fixed')
  expect(fixed.stdout).toContain('api:postgres COMMIT / rep cut: LOST -> retried')
  const broken = await runInProcess(['xray', 'diff', mine, naive, '--json'], { home })
  expect(broken.status).toBe(1)
  expect(JSON.parse(broken.stdout)).toMatchObject({ changes: [{ what: 'new' }] })
})

test('a file of an earlier version is compared with a new one', async ({ home }) => {
  const { cells, ...rest } = matrix('naive', 'lost')
  const earlierCells = cells?.map(({ result, ...cell }) => ({ ...cell, verdict: result }))
  const naive = await save(home, 'a.json', { ...rest, cells: earlierCells })
  const mine = await save(home, 'b.json', matrix('mine', 'ok'))
  const { status, stdout } = await runInProcess(['xray', 'diff', naive, mine, '--json'], { home })
  expect(status).toBe(0)
  expect(JSON.parse(stdout)).toMatchObject({
    changes: [{ what: 'fixed', before: 'lost', after: 'ok' }],
  })
})

test.each([
  [['xray', 'diff', 'nowhere.json', 'nowhere.json'], /nowhere\.json/],
  [['xray', 'replay', 's01/reply-cut'], /runs\/[^]*unhappy xray/],
  [['xray', 'place-ordr'], /"place-ordr".*"place-order"/],
  [['xray', 'place-order', '--sandboxes', '9'], /9[^]*from 1 to 8/],
  [['xray', 'place-order', '--stacks', '0'], /0[^]*from 1 to 8/],
  [['xray', 'place-order', '--exercise', 'nowhere'], /nowhere/],
  [['xray', 'place-order', '--lab', 'dual-write', '--version', 'x'], /"x"/],
  [['trap', 'arm', 'api-1:postgres', 'COMMIT'], /--before or --after/],
  [['xray', '--stacks', '9'], /9[^]*from 1 to 8/],
  [['trap', 'arm', 'api-1:postgres', 'COMMIT', '--after', '--cut', '--hold'], /cut and hold/],
  [
    ['trap', 'arm', 'api-1:postgres', 'COMMIT', '--after', '--kill', 'postgres'],
    /"postgres"[^]*--kill caller or --kill callee/,
  ],
])('%j is rejected with its reason', async (args, reason) => {
  const home = await mkdtemp(join(tmpdir(), 'unhappy-xray-'))
  const { status, stderr } = await runInProcess(args, { home })
  await rm(home, { recursive: true })
  expect(stderr).toMatch(reason)
  expect(status).toBe(3)
})

test('seam files that do not load are rejected before a sandbox starts', async ({ home }) => {
  await writeFile(join(home, 'place-order.ts'), 'process.exit(4)\n')
  const { status, stderr } = await runInProcess(['xray', '--exercise', home], { home })
  expect(stderr).toMatch(/place-order\.ts ended the process with exit status 4 while it was loaded/)
  expect(status).toBe(3)
})

test('a replay of a cell that does not exist or does not apply is rejected before a sandbox starts', async ({
  home,
}) => {
  await mkdir(join(home, 'runs/xray-1-place-order'), { recursive: true })
  await save(home, 'runs/xray-1-place-order/xray.json', matrix('shop', 'ok'))
  const missing = await runInProcess(['xray', 'replay', 's99/reply-cut'], { home })
  expect(missing.stderr).toMatch(/s99\/reply-cut/)
  const inapplicable = await runInProcess(['xray', 'replay', 's01/caller-dies-after'], { home })
  expect(inapplicable.stderr).toMatch(/caller-dies-after/)
  expect([missing.status, inapplicable.status]).toEqual([3, 3])
})
