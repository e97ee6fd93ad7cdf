import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { afterAll, beforeAll, expect, test } from 'vitest'

import { systemClock } from '#chaos/lib/clock.ts'
import { system } from '#chaos/system.ts'
import { dualWrite } from '#labs/data-correctness/dual-write/lab.ts'

import { openXraySandboxes, type OpenXraySandboxes } from '../open-xray-sandboxes.ts'
import { plantedCode } from '../testing/run-cells.ts'
import { sweepLab } from './sweep-lab.ts'

const ended = new AbortController()
let opened: OpenXraySandboxes
let folder: string

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'unhappy-sweep-'))
  opened = await openXraySandboxes({
    system,
    count: 1,
    clock: systemClock,
    setup: { off: [], signal: ended.signal },
  })
})
afterAll(async () => {
  await opened[Symbol.asyncDispose]()
  await rm(folder, { recursive: true })
})

test('a message that is written after the COMMIT is found at its own exchange', async () => {
  const sandbox = opened.sandboxes[0]?.sandbox
  const { sweep } = dualWrite
  if (sandbox === undefined || sweep === undefined || sweep === 'no-flow')
    throw new Error('no sandbox or no sweep')
  const { check, story } = await sweepLab(sandbox, {
    id: 'sweep-test',
    folder,
    sweep,
    off: ['reconciler'],
    exercise: plantedCode('outbox-after-commit', 'place-order'),
    budgetMs: 120_000,
    signal: ended.signal,
    zero: { epochMs: 0, at: new Date(0).toISOString() },
  })
  expect(check.outcome).toBe('violated')
  expect(check.offenders[0]?.id).toMatch(
    /^INSERT outbox \(killed before\)|^COMMIT \(killed after\)/,
  )
  expect(story?.lines.some(({ who }) => who === 'fault')).toBe(true)
  const cells = JSON.parse(await readFile(join(folder, 'sweep.json'), 'utf8')) as unknown[]
  expect(cells.at(-1)).toMatchObject({ result: 'lost', decision: 'violated' })
  // Nothing stays: the trap of the last case is disarmed.
  expect(await sandbox.links.listTraps()).toEqual([])
})
