import { mkdir, mkdtemp, rm } from 'node:fs/promises'
import { join } from 'node:path'

import { afterAll, beforeAll, test } from 'vitest'

import { awaitLabRun } from '#chaos/cli/lab/await-run.ts'
import { launchSandbox } from '#chaos/cli/sandbox/launch.ts'
import type { LaunchedSandbox } from '#chaos/cli/sandbox/launch.ts'
import type { Lab } from '#chaos/contracts/lab.ts'
import {
  brokenPromise,
  promisedVerdictOf,
  promisedVerdictText,
} from '#chaos/exercise/promised-verdict.ts'
import { homeAt, projectRoot } from '#chaos/home/home.ts'
import { systemClock } from '#chaos/lib/clock.ts'

/** The starting version and the solution. `npm run verify -- --only labs` judges every version many times. */
const versions = ['start', 'shop'] as const

/**
 * Judges these versions of the labs, once each: the verdict must be the one that the lab promises. `quick`: without the
 * variants of the scenario. With several sandboxes,
 * that many versions run at the same time: Vitest's `maxConcurrency` must be that number.
 */
export function describeLabs(
  labs: readonly Lab[],
  { sandboxes, quick }: { readonly sandboxes: number; readonly quick: boolean },
): void {
  const stack = new AsyncDisposableStack()
  const free: LaunchedSandbox[] = []

  beforeAll(async () => {
    for (let i = 0; i < sandboxes; i++) free.push(stack.use(await openSandbox(stack)))
  })
  afterAll(async () => await stack.disposeAsync())

  const cases = labs.flatMap((lab) =>
    versions.map((version) => {
      const promised = promisedVerdictOf(lab, version)
      return { lab: lab.id, version, promised, promise: promisedVerdictText(promised) }
    }),
  )
  const judge = sandboxes === 1 ? test : test.concurrent
  judge.for(cases)('$lab, $version: $promise', async ({ lab, version, promised }, { expect }) => {
    const sandbox = free.pop()
    if (sandbox === undefined) throw new Error(`More than ${sandboxes} tests ran at the same time.`)
    try {
      const run = await awaitLabRun(sandbox.client, { lab, version, quick }, systemClock)
      expect(brokenPromise(promised, run)).toBeUndefined()
    } finally {
      free.push(sandbox)
    }
  })
}

async function openSandbox(stack: AsyncDisposableStack): Promise<LaunchedSandbox> {
  await mkdir(join(projectRoot, '.unhappy'), { recursive: true })
  const folder = await mkdtemp(join(projectRoot, '.unhappy', 'test-labs-'))
  stack.defer(async () => await rm(folder, { recursive: true, force: true }))
  const { signal } = new AbortController()
  return await launchSandbox(
    { home: homeAt(folder), slot: undefined, clock: systemClock, signal },
    { ephemeral: true, detached: false, onProgress: () => undefined },
  )
}
