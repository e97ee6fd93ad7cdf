import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'

import type { Verdict } from '#chaos/contracts/check.ts'
import type { SandboxEvent } from '#chaos/contracts/events.ts'
import type { Operation } from '#chaos/contracts/history.ts'
import { createRunClock } from '#chaos/contracts/run-clock.ts'
import { InputError, messageOf } from '#chaos/lib/errors.ts'
import { writeHistory } from '#chaos/workload/write-history.ts'

import { addContract, startContract } from './judging/contract.ts'
import { judgeSweep, sayWhyNoSweep } from './judging/judge-sweep.ts'
import { judgeVariants } from './judging/judge-variants.ts'
import { runPhases } from './phases.ts'
import { linkLatest, recordJournal, writeLogs } from './recording/recording.ts'
import type { Recording } from './recording/recording.ts'
import { createRunZero, type Zero } from './run-zero.ts'
import { publishFigures } from './run/figures.ts'
import { healAfterFailure } from './run/heal.ts'
import { describeOwnBehaviour } from './run/own-behaviour.ts'
import type { RunRequest, RunResult, StartedRun } from './run/run-request.ts'
import type { Sandbox } from './sandbox.ts'
import { supervisorIdle } from './scenario/defaults.ts'
import { releaseProfiles } from './use-profiles.ts'

/**
 * Runs a scenario to its verdict: prepare, steady state, faults under load, heal, recovery, final reads, checks. The shop is
 * healed when it returns or rejects. It rejects without a verdict on abort or halt (with the reason), on an error of the
 * harness, and on an error in the seam files or the set-up ({@link InputError}).
 */
export async function runScenario(sandbox: Sandbox, request: RunRequest): Promise<RunResult> {
  const { journal, clock } = sandbox
  const { id, folder, seed, scenario } = request
  const startedAt = new Date(clock.wallTimeMs()).toISOString()
  const { title } = scenario
  let verdict: Verdict
  {
    await using stack = new AsyncDisposableStack()
    stack.use(journal.openRun(id))
    const recording = stack.use(recordJournal(journal, folder))
    const { signal } = stack.use(untilHalted(sandbox, request.signal))
    journal.publish({ type: 'run', what: 'started', title, seed })
    try {
      // Nothing was changed yet, so nothing is healed.
      signal.throwIfAborted()
      verdict = await reachVerdict(sandbox, { ...request, signal }, recording, startedAt)
      journal.publish({ type: 'run', what: 'ended', title, seed, verdict })
    } catch (error) {
      journal.publish({ type: 'run', what: 'ended', title, seed })
      throw error
    }
  }
  const endedAt = new Date(clock.wallTimeMs()).toISOString()
  await writeVerdict(request, { startedAt, endedAt }, verdict)
  await linkLatest(folder)
  return { id, folder, seed, verdict }
}

async function reachVerdict(
  sandbox: Sandbox,
  request: RunRequest,
  recording: Recording,
  startedAt: string,
): Promise<Verdict> {
  const { journal, supervision } = sandbox
  const { folder, signal } = request
  const history: Operation[] = []
  const zero = createRunZero(sandbox.clock)
  await using _figures = publishFigures(sandbox)
  try {
    await using contract = startContract(journal, request)
    const { signal: both, result: beforeLoad } = contract
    const started = { ...request, startedAt, zero, signal: both, beforeLoad }
    const verdict = await runPhases(sandbox, started, () => recording.events, history)
    const check = await contract.result()
    // A broken promise has decided. The scenario still ran: it shows the failure in the shop.
    const isDecided = check?.outcome === 'violated' || verdict.outcome !== 'held'
    return addContract(
      isDecided ? verdict : await judgeMore(sandbox, started, recording.events, verdict),
      check,
    )
  } catch (error) {
    await healAfterFailure(sandbox)
    journal.note('error', `The run ended without a verdict: ${messageOf(error)}`)
    signal.throwIfAborted()
    throw error
  } finally {
    supervision.setUp(supervisorIdle)
    await releaseProfiles(sandbox)
    await writeHistory(join(folder, 'history.jsonl'), history)
    for (const text of await describeOwnBehaviour(sandbox, recording.events, startedAt))
      journal.note('warning', text)
    await keepLogs(sandbox, folder, { startedAt, zero: zero.begun })
  }
}

/** The sweep and the variants of a scenario that held. */
async function judgeMore(
  sandbox: Sandbox,
  request: StartedRun,
  events: readonly SandboxEvent[],
  held: Verdict,
): Promise<Verdict> {
  return await judgeSweep(sandbox, request, held, async (swept) =>
    sayWhyNoSweep(request, await judgeVariants(sandbox, request, events, swept)),
  )
}

/** A signal that also aborts on a halt: a run that was healed in the middle proves nothing. */
function untilHalted(
  { journal, faults }: Sandbox,
  given: AbortSignal,
): Disposable & { readonly signal: AbortSignal } {
  const halted = new AbortController()
  const abort = (): void =>
    halted.abort(new InputError('The sandbox was halted. The run has no verdict.', { status: 409 }))
  const end = journal.subscribe((event) => {
    if (event.type === 'halt' && event.what === 'halted') abort()
  })
  if (faults.refusing) abort()
  return { signal: AbortSignal.any([given, halted.signal]), [Symbol.dispose]: end }
}

async function keepLogs(
  { system, runtime, journal }: Sandbox,
  folder: string,
  { startedAt, zero }: { readonly startedAt: string; readonly zero: Zero | undefined },
): Promise<void> {
  const { instances, stores } = system.topology
  const names = [...instances, ...stores].map(({ name }) => name)
  const clock =
    zero === undefined ? undefined : createRunClock(zero.epochMs, { ms: zero.epochMs, at: zero.at })
  const time = { since: startedAt, clock }
  await writeLogs(runtime, [...names, 'links'], folder, time).catch((error: unknown) => {
    journal.note('warning', `Not all logs could be saved: ${messageOf(error)}`)
  })
}

async function writeVerdict(
  { id, seed, scenario, folder, exercise }: RunRequest,
  times: { readonly startedAt: string; readonly endedAt: string },
  verdict: Verdict,
): Promise<void> {
  const versions = { node: process.version, platform: `${process.platform} ${process.arch}` }
  const seams = exercise?.seams ?? []
  const record = { id, title: scenario.title, seed, ...times, seams, versions, ...verdict }
  await writeFile(join(folder, 'verdict.json'), `${JSON.stringify(record, null, 2)}\n`)
}
