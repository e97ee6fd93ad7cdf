import { mkdir, mkdtemp, rm } from 'node:fs/promises'
import { join } from 'node:path'

import { afterAll, beforeAll, test } from 'vitest'

import { awaitLabRun } from '#chaos/cli/lab/await-run.ts'
import { launchSandbox } from '#chaos/cli/sandbox/launch.ts'
import type { LaunchedSandbox } from '#chaos/cli/sandbox/launch.ts'
import type { RunView } from '#chaos/contracts/api.ts'
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

/** The share of the verdicts that may be inconclusive on a busy machine. */
const undecidedShareMax = 0.25

/**
 * Judges these versions of the labs: the verdict must be the one that the lab promises. `quick`: without the variants of the
 * scenario. With several sandboxes, that many versions run at the same time: Vitest's `maxConcurrency` must be that number.
 * That is a busy machine, where a verdict is never wrong but may be inconclusive. Such versions are judged alone at the end.
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
  const judge = async (lab: string, version: string): Promise<RunView> => {
    const sandbox = free.pop()
    if (sandbox === undefined) throw new Error(`More than ${sandboxes} tests ran at the same time.`)
    try {
      return await awaitLabRun(sandbox.client, { lab, version, quick }, systemClock)
    } finally {
      free.push(sandbox)
    }
  }

  if (sandboxes === 1) {
    test.for(cases)('$lab, $version: $promise', async ({ lab, version, promised }, { expect }) => {
      expect(brokenPromise(promised, await judge(lab, version))).toBeUndefined()
    })
    return
  }
  const undecided: (typeof cases)[number][] = []
  test.concurrent.for(cases)('$lab, $version: $promise', async (each, { expect }) => {
    const run = await judge(each.lab, each.version)
    const isUndecided = run.outcome === 'inconclusive'
    if (isUndecided) undecided.push(each)
    expect(isUndecided ? undefined : brokenPromise(each.promised, run)).toBeUndefined()
  })
  test('versions without a verdict on the busy machine have one alone', async ({ expect }) => {
    expect(undecided.length).toBeLessThanOrEqual(cases.length * undecidedShareMax)
    for (const { lab, version, promised } of undecided)
      expect([lab, version, brokenPromise(promised, await judge(lab, version))]).toEqual([
        lab,
        version,
        undefined,
      ])
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
