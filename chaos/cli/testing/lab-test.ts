import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { test as base } from 'vitest'

import { createProgressStore } from '#chaos/exercise/progress-store.ts'
import { systemClock } from '#chaos/lib/clock.ts'

import { runInProcess } from './in-process.ts'

/** A learner without work: `lab` runs a command of this learner, `progress` is what the commands store. */
export const labTest = base
  .extend('home', async ({}, { onCleanup }) => {
    const home = await mkdtemp(join(tmpdir(), 'unhappy-lab-'))
    onCleanup(async () => rm(home, { recursive: true }))
    return home
  })
  .extend(
    'lab',
    ({ home }) =>
      async (...args: readonly string[]) =>
        runInProcess(['lab', ...args], { home, columns: 100 }),
  )
  .extend('progress', ({ home }) =>
    createProgressStore(join(home, 'my-work'), { clock: systemClock, warn: () => undefined }),
  )
