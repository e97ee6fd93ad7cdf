import type { Evidence, Verdict } from '#chaos/contracts/check.ts'
import type { SandboxEvent } from '#chaos/contracts/events.ts'
import type { Operation } from '#chaos/contracts/history.ts'
import { formatDuration } from '#chaos/lib/duration.ts'
import { createRandom } from '#chaos/lib/random.ts'
import type { WorkloadResult } from '#chaos/workload/run-workload.ts'

import type { Sandbox } from '../sandbox.ts'
import { afterStepsWaitMaxMs } from '../scenario/defaults.ts'
import { runMethodUnderLoad } from './method-under-load.ts'
import { findDoubts } from './doubts.ts'
import { deployFrozenCode } from './frozen-code.ts'
import { heal } from './heal.ts'
import { judgeRun, inconclusiveVerdict } from './judge-run.ts'
import { sendLoad } from './load.ts'
import { inPhase } from './phase.ts'
import { prepare } from './prepare.ts'
import { readTruth } from './read-truth.ts'
import type { RunRequest } from './run-request.ts'
import { judgeSteadyState, steadyWorkload } from './steady-state.ts'
import type { StepOutcome } from './step-outcome.ts'
import { waitUntilSettled } from './wait-until-settled.ts'

/** What a run knows, phase by phase; also what is left of one that broke off. */
export interface RunNotes {
  /** Every operation so far, the steady state's first. */
  readonly operations: Operation[]
}

/** Goes through the phases. Rejects when the run is aborted or the harness itself fails: then there is no verdict. */
export async function runPhases(
  sandbox: Sandbox,
  order: RunRequest,
  events: readonly SandboxEvent[],
  notes: RunNotes,
): Promise<Verdict> {
  const { journal, clock } = sandbox
  const { scenario, signal } = order
  await inPhase(journal, 'prepare', () => prepare(sandbox, order))

  const epochMs = clock.now()
  const workloadStartedAt = new Date(clock.wallTimeMs()).toISOString()
  const steady = await inPhase(journal, 'steady-state', () =>
    steadyState(sandbox, order, epochMs, notes),
  )
  if (steady.trouble !== null) return inconclusiveVerdict(steady.trouble)

  await deployFrozenCode(sandbox, order)
  const broken = await faultPhase(sandbox, order, epochMs, notes)
  const healedAtMs = clock.now()
  const recovery = await inPhase(
    journal,
    'recovery',
    () => waitUntilSettled(sandbox, scenario.recoveryMs, signal),
    {
      limitMs: scenario.recoveryMs,
      detail: ({ afterMs, moving }) =>
        afterMs === null
          ? `not at rest: ${moving.join(', ')}`
          : `at rest after ${formatDuration(afterMs)}`,
    },
  )
  const truth = await inPhase(journal, 'final-reads', () => readTruth(sandbox, signal))
  if (typeof truth === 'string') return inconclusiveVerdict(truth)

  return await inPhase(journal, 'checks', async () => {
    const evidence: Evidence = {
      operations: broken.load.operations,
      steadyOperations: steady.operations,
      truth,
      journal: events,
      workloadStartedAt,
      faultsFromMs: broken.beganAtMs - epochMs,
      faultsToMs: healedAtMs - epochMs,
      recoveredAfterMs: recovery.afterMs,
      durationMs: clock.now() - epochMs,
    }
    const { steps, load } = broken
    const doubts = findDoubts({ steps, load, journal: events, epochMs, healedAtMs })
    return judgeRun(evidence, scenario, doubts, journal)
  })
}

async function steadyState(sandbox: Sandbox, order: RunRequest, epochMs: number, notes: RunNotes) {
  const { scenario, seed, signal } = order
  const { operations } = await sendLoad(sandbox, {
    workload: steadyWorkload(scenario.workload, scenario.steadyStateMs),
    random: createRandom(seed).fork('steady state'),
    tag: 's',
    epochMs,
    firstNumber: 1,
    signal,
  })
  signal.throwIfAborted()
  notes.operations.push(...operations)
  return { operations, trouble: await judgeSteadyState(sandbox, operations, signal) }
}

interface Broken {
  readonly load: WorkloadResult
  readonly steps: readonly StepOutcome[]
  /** Clock reading of the first fault; of the begin of the load when there was none. */
  readonly beganAtMs: number
}

/** Load and method together; the heal when the last arrival is in, while answers may still be on their way. */
async function faultPhase(
  sandbox: Sandbox,
  order: RunRequest,
  epochMs: number,
  notes: RunNotes,
): Promise<Broken> {
  const { journal, clock } = sandbox
  const { scenario, seed, signal, id } = order
  const { workload, method } = scenario
  const { durationMs, afterStepsMs } = workload
  const mostMs = durationMs + (afterStepsMs === undefined ? 0 : afterStepsWaitMaxMs)
  const startMs = clock.now()
  const over = new AbortController()
  const load = sendLoad(sandbox, {
    workload: { ...workload, durationMs: mostMs },
    ...(afterStepsMs === undefined ? {} : { over: over.signal }),
    random: createRandom(seed).fork('faults'),
    tag: 'f',
    epochMs,
    firstNumber: notes.operations.length + 1,
    signal,
  })
  try {
    const time = { startMs, durationMs: mostMs, over: over.signal, signal }
    const running = (): Promise<readonly StepOutcome[]> =>
      runMethodUnderLoad(sandbox, { method, workload, time, id }, () => over.abort())
    const steps = await inPhase(journal, 'faults', running, { limitMs: durationMs })
    await inPhase(journal, 'heal', () => heal(sandbox))
    const result = await load
    signal.throwIfAborted()
    notes.operations.push(...result.operations)
    const began = steps.flatMap(({ fromMs }) => (fromMs === undefined ? [] : [fromMs]))
    return { load: result, steps, beganAtMs: began.length === 0 ? startMs : Math.min(...began) }
  } finally {
    // Nothing of it goes on after this, however it ended.
    await Promise.allSettled([load])
  }
}
