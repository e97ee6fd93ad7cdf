import { mkdir, mkdtemp, rm } from 'node:fs/promises'
import { join } from 'node:path'

import { afterAll, beforeAll, test } from 'vitest'

import { homeAt, projectRoot } from '#chaos/api/home.ts'
import { brokenPromise, promiseOf, promiseText } from '#chaos/api/labs/honesty.ts'
import { runVersion } from '#chaos/cli/lab/run-version.ts'
import { launchSandbox } from '#chaos/cli/sandbox/launch.ts'
import type { LaunchedSandbox } from '#chaos/cli/sandbox/launch.ts'
import type { Lab } from '#chaos/contracts/lab.ts'
import { systemClock } from '#chaos/lib/clock.ts'

/** What a learner meets first and last. `npm run verify -- --only labs` judges every version, many times. */
const versions = ['start', 'shop'] as const

/**
 * Judges the first and the last version of these labs, once each: the verdict must be the one that the lab promises.
 * With several sandboxes, as many versions are judged at the same moment: Vitest's `maxConcurrency` must be that number.
 */
export function describeLabs(
  labs: readonly Lab[],
  { sandboxes }: { readonly sandboxes: number },
): void {
  const stack = new AsyncDisposableStack()
  const free: LaunchedSandbox[] = []

  beforeAll(async () => {
    for (let i = 0; i < sandboxes; i++) free.push(stack.use(await openSandbox(stack)))
  })
  afterAll(async () => await stack.disposeAsync())

  const cases = labs.flatMap((lab) =>
    versions.map((version) => {
      const promised = promiseOf(lab, version)
      return { lab: lab.id, version, promised, promise: promiseText(promised) }
    }),
  )
  const judge = sandboxes === 1 ? test : test.concurrent
  judge.for(cases)('$lab, $version: $promise', async ({ lab, version, promised }, { expect }) => {
    const sandbox = free.pop()
    if (sandbox === undefined) throw new Error(`More than ${sandboxes} tests at the same moment.`)
    try {
      const run = await runVersion(sandbox.client, { lab, version }, systemClock)
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
