import { warmUpTag } from '#chaos/contracts/history.ts'
import type { Operation } from '#chaos/contracts/history.ts'
import type { Workload } from '#chaos/contracts/scenario.ts'
import { workloadOf } from '#chaos/contracts/system.ts'
import type { System } from '#chaos/contracts/system.ts'
import { entriesOf } from '#chaos/contracts/topology.ts'
import { formatDuration } from '#chaos/lib/duration.ts'
import { createRandom } from '#chaos/lib/random.ts'

import type { Sandbox } from '../sandbox.ts'
import { sendLoad } from './load.ts'
import type { RunRequest } from './run-request.ts'
import { waitUntilSettled } from './wait-until-settled.ts'

/** The share of operations that may go wrong on a busy machine although the system is healthy. */
const failedShareMax = 0.02
const settleLimitMs = 5_000

/** The warm-up sends this many operations of each kind to each instance that receives requests. */
const warmUpEach = 2
const warmUpMs = 400
/** A cold system may take longer for a response than its clients wait. */
const warmUpResponseMs = 5_000

/** A few operations of each kind that the scenario has. */
export function warmUpWorkload(system: System, workload: Workload, truth: unknown): Workload {
  const own = workloadOf(system)
  const perSecond = (warmUpEach * entriesOf(system.topology).length * 1_000) / warmUpMs
  const few: Workload = {
    ...workload,
    durationMs: warmUpMs,
    rates: Object.fromEntries(
      Object.entries(workload.rates).map(([kind, rate]) => [kind, rate > 0 ? perSecond : 0]),
    ),
    client: {
      ...workload.client,
      attemptTimeoutMs: warmUpResponseMs,
      deadlineMs: warmUpResponseMs,
      retriesMax: 0,
    },
  }
  return own.warmUp?.(few, truth) ?? own.steady?.(few) ?? few
}

/** The workload of the steady state: the same rates. */
function steadyWorkload(system: System, workload: Workload, durationMs: number): Workload {
  const same = { ...workload, durationMs }
  return workloadOf(system).steady?.(same) ?? same
}

async function truthForWarmUp({ system, truth }: Sandbox, signal: AbortSignal): Promise<unknown> {
  return workloadOf(system).warmUp === undefined ? undefined : await truth.read(signal)
}

export interface SteadyState {
  /** Also those of the warm-up. */
  readonly operations: readonly Operation[]
  /** Why the happy path does not hold, as one sentence; null: it holds. */
  readonly trouble: string | null
}

/**
 * Warms the system up, then sends the load of the steady state and judges it. Adds each operation to `history`. Only the checks of
 * what must never happen judge the operations of the warm-up.
 */
export async function runSteadyState(
  sandbox: Sandbox,
  { scenario, seed, signal }: RunRequest,
  epochMs: number,
  history: Operation[],
): Promise<SteadyState> {
  const warmUp = await sendLoad(sandbox, {
    workload: warmUpWorkload(
      sandbox.system,
      scenario.workload,
      await truthForWarmUp(sandbox, signal),
    ),
    random: createRandom(seed).fork('warm-up'),
    tag: 'w',
    role: warmUpTag,
    epochMs,
    firstNumber: history.length + 1,
    signal,
  })
  signal.throwIfAborted()
  history.push(...warmUp.operations)
  const { operations } = await sendLoad(sandbox, {
    workload: steadyWorkload(sandbox.system, scenario.workload, scenario.steadyStateMs),
    random: createRandom(seed).fork('steady state'),
    tag: 's',
    epochMs,
    firstNumber: history.length + 1,
    signal,
  })
  signal.throwIfAborted()
  history.push(...operations)
  return {
    operations: [...warmUp.operations, ...operations],
    trouble: await judgeSteadyState(sandbox, operations, signal),
  }
}

/** Why the happy path does not hold, as one sentence; null: it holds. */
export async function judgeSteadyState(
  sandbox: Sandbox,
  operations: readonly Operation[],
  signal: AbortSignal,
): Promise<string | null> {
  const failed = operations.filter((operation) => !isHealthy(sandbox, operation))
  const [first] = failed
  if (operations.length === 0) return 'No operation was sent in the steady state.'
  if (first !== undefined && failed.length > operations.length * failedShareMax)
    return `Before the first fault, ${failed.length} of ${operations.length} operations failed; at most ${failedShareMax * 100} % may fail. The first: ${describe(first)}.`
  const { afterMs, unsettled } = await waitUntilSettled(sandbox, settleLimitMs, signal)
  if (afterMs !== null) return null
  return `Before the first fault, the ${sandbox.system.name} did not settle within ${formatDuration(settleLimitMs)}: ${unsettled.join(', ')}.`
}

function isHealthy({ system }: Sandbox, operation: Operation): boolean {
  return system.isHealthy?.(operation) ?? operation.outcome === 'ok'
}

function describe({ kind, outcome, answer, attempts }: Operation): string {
  const last = attempts.at(-1)
  const what =
    answer ?? last?.error ?? (last?.status === undefined ? 'no response' : `status ${last.status}`)
  return `${kind}, ${outcome} (${what})`
}
