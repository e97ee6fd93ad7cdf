import type { RunFacts } from '#chaos/contracts/check.ts'
import type { Phase, SandboxEvent } from '#chaos/contracts/events.ts'
import type { Operation } from '#chaos/contracts/history.ts'
import type { Verdict } from '#chaos/contracts/verdict.ts'
import { formatDuration } from '#chaos/lib/duration.ts'
import { createRandom } from '#chaos/lib/random.ts'
import type { WorkloadResult } from '#chaos/workload/run-workload.ts'

import type { Journal } from './journal.ts'
import { completeEvidence } from './judging/complete-evidence.ts'
import { findDoubts, stepsOfVariants } from './judging/doubts.ts'
import { judgeHappyPath } from './judging/happy-path.ts'
import { inconclusiveVerdict, judgeRun } from './judging/judge-run.ts'
import { tapForChecks } from './judging/tap-for-checks.ts'
import { watchMachine } from './machine/watch-machine.ts'
import { recordFlows } from './recording/record-flows.ts'
import { deployFrozenCode } from './run/frozen-code.ts'
import { heal, healAfterFailure } from './run/heal.ts'
import { sendLoad } from './run/load.ts'
import { runMethodUnderLoad } from './run/method-under-load.ts'
import { describeOwnBehaviour } from './run/own-behaviour.ts'
import { prepareUnlessSlow } from './run/prepare-unless-slow.ts'
import type { SlowPreparation } from './run/prepare-unless-slow.ts'
import { readTruth } from './run/read-truth.ts'
import type { FaultsSummary, RunRequest, StartedRun } from './run/run-request.ts'
import { runSteadyState } from './run/steady-state.ts'
import type { StepOutcome } from './run/step-outcome.ts'
import { waitUntilSettled } from './run/wait-until-settled.ts'
import type { Settled } from './run/wait-until-settled.ts'
import type { Sandbox } from './sandbox.ts'
import { afterStepsWaitMaxMs } from './scenario/defaults.ts'

/**
 * Runs every phase. `events` returns the events of the run up to now. Adds each operation to `history`, the steady state's
 * first. Rejects without a verdict when the run is aborted or the harness fails.
 */
export async function runPhases(
  sandbox: Sandbox,
  request: StartedRun,
  events: () => readonly SandboxEvent[],
  history: Operation[],
): Promise<Verdict> {
  const { journal, clock } = sandbox
  const { signal } = request
  const slow = await inPhase(journal, 'prepare', () => prepareForLoad(sandbox, request))
  if (slow !== undefined) {
    await healAfterFailure(sandbox)
    return { ...inconclusiveVerdict(slow.why), machine: slow.machine }
  }

  await using _taps = await tapForChecks(sandbox, request.scenario)
  await using flows = await recordFlows(sandbox, request)
  await using machine = await watchMachine(sandbox)
  const { epochMs, began } = beginLoad(sandbox, request)
  await using changes = beginChanges(sandbox, request)
  const inSteadyState = () => runSteadyState(sandbox, request, epochMs, history)
  const steady = await inPhase(journal, 'steady-state', inSteadyState, { zeroMs: began.zeroMs })
  if (steady.trouble !== null) {
    const record = await machine.soFar()
    // The attempts that follow record the machine themselves: each read of the delays begins a new measurement.
    await machine[Symbol.asyncDispose]()
    await changes[Symbol.asyncDispose]()
    // There was no fault yet: what the instances did is what their code did.
    const own = await describeOwnBehaviour(sandbox, events(), request.startedAt)
    return await judgeHappyPath(sandbox, request, {
      operations: steady.operations,
      trouble: [steady.trouble, ...own].join(' '),
      epochMs,
      began,
      durationMs: clock.now() - epochMs,
      events: events(),
      machine: record,
    })
  }

  await deployFrozenCode(sandbox, request)
  const faults = await runFaults(sandbox, request, epochMs, history)
  const healedAtMs = clock.now()
  const recovery = await recover(sandbox, request)
  const read = await inPhase(journal, 'final-reads', () =>
    readTruth(sandbox, [...steady.operations, ...faults.load.operations], signal),
  )
  if (typeof read === 'string') return inconclusiveVerdict(read)

  const evidence = completeEvidence(sandbox.system, {
    operations: faults.load.operations,
    steadyOperations: steady.operations,
    ...read,
    journal: events(),
    ...began,
    faultsFromMs: faults.faultsFromMs,
    faultsToMs: healedAtMs - epochMs,
    recoveredAfterMs: recovery.afterMs,
    durationMs: clock.now() - epochMs,
    environment: request.scenario.shop.environment,
  })
  flows.keepFacts(evidence)
  const { load } = faults
  const parts = { steps: faults.steps, load, journal: events(), epochMs, healedAtMs }
  const ofVariants = request.variant === undefined ? undefined : stepsOfVariants(parts)
  if (ofVariants !== undefined) request.variant?.onFaults({ ...faults, steps: ofVariants })
  return await inPhase(journal, 'checks', async () => {
    // A variant may wait for a message that this design does not send.
    const steps = ofVariants?.filter(({ state }) => state !== 'never') ?? faults.steps
    const doubts = findDoubts({ ...parts, steps })
    return judgeRun(evidence, request.scenario, doubts, {
      system: sandbox.system,
      machine: await machine.soFar(),
      ...(request.variant === undefined ? { journal } : {}),
    })
  })
}

/**
 * Prepares the run, then waits for work that must not run beside the load. That work may run beside the preparation, because
 * the preparation measures nothing.
 */
export async function prepareForLoad(
  sandbox: Sandbox,
  request: StartedRun,
  work: typeof prepareUnlessSlow = prepareUnlessSlow,
): Promise<SlowPreparation | undefined> {
  const slow = await work(sandbox, request)
  await request.beforeLoad?.()
  return slow
}

/** The clock of the run, and when this load begins on it. Variants have the clock of their scenario. */
function beginLoad(
  { journal, clock }: Sandbox,
  { zero, variant }: StartedRun,
): {
  readonly epochMs: number
  readonly began: Pick<RunFacts, 'zeroMs' | 'workloadStartedAt' | 'loadFromMs'>
} {
  const { epochMs, at } = zero.begin()
  const loadFromMs = variant === undefined ? 0 : clock.now() - epochMs
  return { epochMs, began: { zeroMs: journal.msAt(epochMs), workloadStartedAt: at, loadFromMs } }
}

async function recover(sandbox: Sandbox, { scenario, signal }: RunRequest): Promise<Settled> {
  return await inPhase(
    sandbox.journal,
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
}

/** Changes of the system's data that go on during the run. */
function beginChanges(
  { system, runtime, clock }: Sandbox,
  { scenario, seed }: RunRequest,
): AsyncDisposable {
  const { addresses } = runtime
  const { environment } = scenario.shop
  const run = { addresses, environment, clock, random: createRandom(seed) }
  return system.beginChanges?.(run) ?? { async [Symbol.asyncDispose]() {} }
}

/** Runs one phase and publishes its start and end. `detail` describes the result. */
export async function inPhase<T>(
  journal: Journal,
  phase: Phase,
  work: () => Promise<T>,
  options: {
    readonly limitMs?: number
    readonly zeroMs?: number
    readonly detail?: (result: T) => string
  } = {},
): Promise<T> {
  const { limitMs, zeroMs, detail } = options
  journal.publish({
    type: 'phase',
    phase,
    what: 'began',
    ...(limitMs === undefined ? {} : { limitMs }),
    ...(zeroMs === undefined ? {} : { zeroMs }),
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

interface FaultsResult extends FaultsSummary {
  readonly load: WorkloadResult
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
    const random = createRandom(seed).fork('method')
    const time = { startMs, durationMs: durationMaxMs, over: over.signal, signal, random }
    const work = (): Promise<readonly StepOutcome[]> =>
      runMethodUnderLoad(sandbox, { method, workload, time, id }, () => over.abort())
    const steps = await inPhase(journal, 'faults', work, { limitMs: durationMs })
    await inPhase(journal, 'heal', () => heal(sandbox))
    const result = await load
    signal.throwIfAborted()
    history.push(...result.operations)
    const began = steps.flatMap(({ fromMs }) => (fromMs === undefined ? [] : [fromMs]))
    const firstMs = began.length === 0 ? startMs : Math.min(...began)
    const [faultsFromMs, loadFromMs] = [firstMs - epochMs, startMs - epochMs]
    return { load: result, steps, faultsFromMs, loadFromMs }
  } finally {
    // No request of the load may run on after this function.
    await Promise.allSettled([load])
  }
}
