import type { Evidence } from '#chaos/contracts/check.ts'
import type { Phase, SandboxEvent } from '#chaos/contracts/events.ts'
import type { Operation } from '#chaos/contracts/history.ts'
import type { Truth } from '#chaos/contracts/truth.ts'
import type { Verdict } from '#chaos/contracts/verdict.ts'
import { formatDuration } from '#chaos/lib/duration.ts'
import { messageOf } from '#chaos/lib/errors.ts'
import { createRandom } from '#chaos/lib/random.ts'
import type { WorkloadResult } from '#chaos/workload/run-workload.ts'

import type { Journal } from '../journal.ts'
import type { Sandbox } from '../sandbox.ts'
import { afterStepsWaitMaxMs } from '../scenario/defaults.ts'
import { findDoubts } from './doubts.ts'
import { deployFrozenCode } from './frozen-code.ts'
import { heal } from './heal.ts'
import { inconclusiveVerdict, judgeRun } from './judge-run.ts'
import { sendLoad } from './load.ts'
import { runMethodUnderLoad } from './method-under-load.ts'
import { prepare } from './prepare.ts'
import type { RunRequest } from './run-request.ts'
import { judgeSteadyState, steadyWorkload } from './steady-state.ts'
import type { StepOutcome } from './step-outcome.ts'
import { waitUntilSettled } from './wait-until-settled.ts'

/**
 * Runs every phase. Adds each operation to `history`, the steady state's first. Rejects without a verdict when the run is
 * aborted or the harness fails.
 */
export async function runPhases(
  sandbox: Sandbox,
  request: RunRequest,
  events: readonly SandboxEvent[],
  history: Operation[],
): Promise<Verdict> {
  const { journal, clock } = sandbox
  const { scenario, signal } = request
  await inPhase(journal, 'prepare', () => prepare(sandbox, request))

  const epochMs = clock.now()
  const workloadStartedAt = new Date(clock.wallTimeMs()).toISOString()
  const steady = await inPhase(journal, 'steady-state', () =>
    runSteadyState(sandbox, request, epochMs, history),
  )
  if (steady.trouble !== null) return inconclusiveVerdict(steady.trouble)

  await deployFrozenCode(sandbox, request)
  const { load, steps, faultsFromMs } = await runFaults(sandbox, request, epochMs, history)
  const healedAtMs = clock.now()
  const recovery = await inPhase(
    journal,
    'recovery',
    () => waitUntilSettled(sandbox, scenario.recoveryMs, signal),
    {
      limitMs: scenario.recoveryMs,
      detail: ({ afterMs, unsettled }) =>
        afterMs === null
          ? `not settled: ${unsettled.join(', ')}`
          : `settled after ${formatDuration(afterMs)}`,
    },
  )
  const truth = await inPhase(journal, 'final-reads', () => readTruth(sandbox, signal))
  if (typeof truth === 'string') return inconclusiveVerdict(truth)

  return await inPhase(journal, 'checks', async () => {
    const evidence: Evidence = {
      operations: load.operations,
      steadyOperations: steady.operations,
      truth,
      journal: events,
      workloadStartedAt,
      faultsFromMs,
      faultsToMs: healedAtMs - epochMs,
      recoveredAfterMs: recovery.afterMs,
      durationMs: clock.now() - epochMs,
    }
    const doubts = findDoubts({ steps, load, journal: events, epochMs, healedAtMs })
    return judgeRun(evidence, scenario, doubts, journal)
  })
}

/** Runs one phase and publishes its start and end. `detail` describes the result. */
async function inPhase<T>(
  journal: Journal,
  phase: Phase,
  work: () => Promise<T>,
  options: { readonly limitMs?: number; readonly detail?: (result: T) => string } = {},
): Promise<T> {
  const { limitMs, detail } = options
  journal.publish({
    type: 'phase',
    phase,
    what: 'began',
    ...(limitMs === undefined ? {} : { limitMs }),
  })
  const result = await work()
  journal.publish({
    type: 'phase',
    phase,
    what: 'ended',
    ...(detail === undefined ? {} : { detail: detail(result) }),
  })
  return result
}

async function runSteadyState(
  sandbox: Sandbox,
  { scenario, seed, signal }: RunRequest,
  epochMs: number,
  history: Operation[],
) {
  const { operations } = await sendLoad(sandbox, {
    workload: steadyWorkload(scenario.workload, scenario.steadyStateMs),
    random: createRandom(seed).fork('steady state'),
    tag: 's',
    epochMs,
    firstNumber: 1,
    signal,
  })
  signal.throwIfAborted()
  history.push(...operations)
  return { operations, trouble: await judgeSteadyState(sandbox, operations, signal) }
}

interface FaultsResult {
  readonly load: WorkloadResult
  readonly steps: readonly StepOutcome[]
  /** Milliseconds from the epoch to the first fault; to the start of the load if there was no fault. */
  readonly faultsFromMs: number
}

/** Runs load and method together. Heals after the last arrival, while responses may still be in flight. */
async function runFaults(
  sandbox: Sandbox,
  { scenario, seed, signal, id }: RunRequest,
  epochMs: number,
  history: Operation[],
): Promise<FaultsResult> {
  const { journal, clock } = sandbox
  const { workload, method } = scenario
  const { durationMs, afterStepsMs } = workload
  const durationMaxMs = durationMs + (afterStepsMs === undefined ? 0 : afterStepsWaitMaxMs)
  const startMs = clock.now()
  const over = new AbortController()
  const load = sendLoad(sandbox, {
    workload: { ...workload, durationMs: durationMaxMs },
    ...(afterStepsMs === undefined ? {} : { over: over.signal }),
    random: createRandom(seed).fork('faults'),
    tag: 'f',
    epochMs,
    firstNumber: history.length + 1,
    signal,
  })
  try {
    const time = { startMs, durationMs: durationMaxMs, over: over.signal, signal }
    const work = (): Promise<readonly StepOutcome[]> =>
      runMethodUnderLoad(sandbox, { method, workload, time, id }, () => over.abort())
    const steps = await inPhase(journal, 'faults', work, { limitMs: durationMs })
    await inPhase(journal, 'heal', () => heal(sandbox))
    const result = await load
    signal.throwIfAborted()
    history.push(...result.operations)
    const began = steps.flatMap(({ fromMs }) => (fromMs === undefined ? [] : [fromMs]))
    const firstMs = began.length === 0 ? startMs : Math.min(...began)
    return { load: result, steps, faultsFromMs: firstMs - epochMs }
  } finally {
    // No request of the load may run on after this function.
    await Promise.allSettled([load])
  }
}

const truthLimitMs = 5_000
const truthRetryMs = 250

/** The truth, or why it cannot be read. Retries for a while: a store may have restarted a moment ago. */
async function readTruth(
  { truth, clock }: Pick<Sandbox, 'truth' | 'clock'>,
  signal: AbortSignal,
): Promise<Truth | string> {
  const startMs = clock.now()
  for (;;) {
    try {
      return await truth.read(signal)
    } catch (error) {
      signal.throwIfAborted()
      if (clock.now() - startMs >= truthLimitMs)
        return `The sources of truth could not be read: ${messageOf(error)}.`
      await clock.sleep(truthRetryMs, signal)
    }
  }
}
