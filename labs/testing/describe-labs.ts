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
  type PromisedVerdict,
} from '#chaos/exercise/promised-verdict.ts'
import { homeAt, projectRoot } from '#chaos/home/home.ts'
import { systemClock } from '#chaos/lib/clock.ts'

import { disagreementsOfRun } from './story-and-diagram.ts'

/** The share of the verdicts that may be inconclusive on a busy machine. */
const undecidedShareMax = 0.25

interface Case {
  readonly lab: string
  readonly version: string
  readonly promised: PromisedVerdict
  /** The promised verdict in words. */
  readonly promise: string
}

/**
 * Judges versions of labs, without the variants of the scenarios: each verdict must be the one that the lab promises.
 * Two versions run at a time: Vitest's `maxConcurrency` must be 2. That is a busy machine, where no verdict is wrong but one may
 * be inconclusive. Such versions are judged alone at the end. The story of a run about an order and the diagram of that order
 * must show the same at the same times.
 */
export function describeLabs(
  versions: readonly { readonly lab: Lab; readonly version: 'start' | 'shop' }[],
): void {
  const judge = useSandboxes(2)
  const cases = versions.map(({ lab, version }) => caseOf(lab, version))
  const undecided: Case[] = []
  test.concurrent.for(cases)('$lab, $version: $promise', async (each, { expect }) => {
    const run = await judge(each)
    const isOpen = isUndecided(each.promised, run)
    if (isOpen) undecided.push(each)
    expect(isOpen ? undefined : brokenPromise(each.promised, run)).toBeUndefined()
    expect((await disagreementsOfRun(run)) ?? []).toEqual([])
  })
  test('a version that the busy machine left undecided has the promised verdict alone', async ({
    expect,
  }) => {
    expect(undecided.length).toBeLessThanOrEqual(cases.length * undecidedShareMax)
    for (const each of undecided)
      expect([each.lab, brokenPromise(each.promised, await judge(each))]).toEqual([
        each.lab,
        undefined,
      ])
  })
}

function caseOf(lab: Lab, version: 'start' | 'shop'): Case {
  const promised = promisedVerdictOf(lab, version)
  return { lab: lab.id, version, promised, promise: promisedVerdictText(promised) }
}

/** The verdict is inconclusive, or the check that must be violated is. */
function isUndecided({ fails }: PromisedVerdict, { outcome, checks }: RunView): boolean {
  const promised = checks.find(({ name }) => name === fails)
  return outcome === 'inconclusive' || promised?.outcome === 'inconclusive'
}

/** Starts sandboxes for the tests of the file. The result judges a version in a free one. */
function useSandboxes(count: number): (version: Pick<Case, 'lab' | 'version'>) => Promise<RunView> {
  const stack = new AsyncDisposableStack()
  const free: LaunchedSandbox[] = []
  beforeAll(async () => {
    for (let i = 0; i < count; i++) free.push(stack.use(await openSandbox(stack)))
  })
  afterAll(async () => await stack.disposeAsync())
  return async ({ lab, version }) => {
    const sandbox = free.pop()
    if (sandbox === undefined) throw new Error(`More than ${count} tests ran at the same time.`)
    try {
      return await awaitLabRun(sandbox.client, { lab, version, quick: true }, systemClock)
    } finally {
      free.push(sandbox)
    }
  }
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
