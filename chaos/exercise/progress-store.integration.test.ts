import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { test as base, expect } from 'vitest'

import { systemClock } from '#chaos/lib/clock.ts'

import { createProgressStore } from './progress-store.ts'

const test = base.extend('folder', async ({}, { onCleanup }) => {
  const folder = await mkdtemp(join(tmpdir(), 'unhappy-progress-'))
  onCleanup(async () => rm(folder, { recursive: true }))
  return folder
})

const changes = 100

/** Says that it is ready, starts on a message, and uses `changes` hints of one lab, one after the other. */
const program = `
import { once } from 'node:events'
const [folder, storeUrl, clockUrl] = process.argv.slice(1)
const { createProgressStore } = await import(storeUrl)
const { systemClock: clock } = await import(clockUrl)
const store = createProgressStore(folder, { clock, warn: console.error })
process.send('ready')
await once(process, 'message')
for (let done = 0; done < ${changes}; done++)
  await store.change('dual-write', (before) => ({ ...before, hintsUsed: before.hintsUsed + 1 }))
process.disconnect()
`

const modules = [
  new URL('./progress-store.ts', import.meta.url).href,
  new URL('../lib/clock.ts', import.meta.url).href,
]

test('two processes that change the progress at the same moment lose no change', async ({
  folder,
}) => {
  const children = [1, 2].map(() =>
    spawn(process.execPath, ['--input-type=module', '--eval', program, folder, ...modules], {
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    }),
  )
  const exits = children.map((child) => once(child, 'exit'))
  const ready = children.map((child) => once(child, 'message'))
  await Promise.race([Promise.all(ready), ...exits])
  for (const child of children) child.send('start')
  expect(await Promise.all(exits)).toEqual([
    [0, null],
    [0, null],
  ])
  const store = createProgressStore(folder, { clock: systemClock, warn: () => undefined })
  expect(await store.of('dual-write')).toMatchObject({ hintsUsed: 2 * changes })
})
