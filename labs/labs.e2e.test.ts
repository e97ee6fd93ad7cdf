import { mkdir, mkdtemp, rm } from 'node:fs/promises'
import { join } from 'node:path'

import { afterAll, beforeAll, describe, expect, test } from 'vitest'

import { awaitLabRun } from '#chaos/cli/lab/await-run.ts'
import { launchSandbox } from '#chaos/cli/sandbox/launch.ts'
import type { LaunchedSandbox } from '#chaos/cli/sandbox/launch.ts'
import {
  brokenPromise,
  promisedVersions,
  promisedVerdictOf,
  promisedVerdictText,
} from '#chaos/exercise/promised-verdict.ts'
import { homeAt, projectRoot } from '#chaos/home/home.ts'
import { systemClock } from '#chaos/lib/clock.ts'

import { labs } from './index.ts'

// Checks the promised verdict of every version of a lab, once each, in one sandbox. LABS=all runs
// every version of every lab, which takes a quarter of an hour. Without it, three labs run in full,
// and the others run only the starting version and the shop's version.
// `npm run verify -- --only labs` runs all of them many times.
const inFull: ReadonlySet<string> = new Set(['lab-zero', 'slow-dependency', 'dual-write'])
const firstAndLast: ReadonlySet<string> = new Set(['start', 'shop'])

let sandbox: LaunchedSandbox
let folder: string

beforeAll(async () => {
  await mkdir(join(projectRoot, '.unhappy'), { recursive: true })
  folder = await mkdtemp(join(projectRoot, '.unhappy', 'test-labs-'))
  const { signal } = new AbortController()
  sandbox = await launchSandbox(
    { home: homeAt(folder), slot: undefined, clock: systemClock, signal },
    { ephemeral: true, detached: false, onProgress: () => undefined },
  )
})

afterAll(async () => {
  await sandbox[Symbol.asyncDispose]()
  await rm(folder, { recursive: true, force: true })
})

describe.for(labs)('$id', (lab) => {
  const all = process.env['LABS'] === 'all' || inFull.has(lab.id)
  const chosen = promisedVersions(lab).filter((version) => all || firstAndLast.has(version))
  const versions = chosen.map((version) => {
    const promised = promisedVerdictOf(lab, version)
    return { version, promised, promise: promisedVerdictText(promised) }
  })

  test.for(versions)('$version: $promise', async ({ version, promised }) => {
    const run = await awaitLabRun(sandbox.client, { lab: lab.id, version }, systemClock)
    expect(brokenPromise(promised, run)).toBeUndefined()
  })
})
