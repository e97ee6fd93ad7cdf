import { owedRefusal } from '#chaos/checks/claims/must-be-refused.ts'
import type { Operation } from '#chaos/contracts/history.ts'
import type { Workload } from '#chaos/contracts/scenario.ts'
import { formatDuration } from '#chaos/lib/duration.ts'
import { createRandom } from '#chaos/lib/random.ts'

import type { Sandbox } from '../sandbox.ts'
import { sendLoad } from './load.ts'
import type { RunRequest } from './run-request.ts'
import { waitUntilSettled } from './wait-until-settled.ts'

/** The share of operations that may go wrong on a busy machine although the shop is healthy. */
const failedShareMax = 0.02
const settleLimitMs = 5_000

/** The workload of the steady state: the same rates, without duplicates, poisonous and huge orders, and with declined ones. */
function steadyWorkload(workload: Workload, durationMs: number): Workload {
  return {
    ...workload,
    durationMs,
    duplicateShare: 0,
    duplicateOtherBodyShare: 0,
    poisonOrders: [],
    hugeOrders: [],
    declinedShare: 0.05,
  }
}

export interface SteadyState {
  readonly operations: readonly Operation[]
  /** Why the happy path does not hold, as one sentence; null: it holds. */
  readonly trouble: string | null
}

/** Sends the load of the steady state and judges it. Adds each operation to `history`. */
export async function runSteadyState(
  sandbox: Sandbox,
  { scenario, seed, signal }: RunRequest,
  epochMs: number,
  history: Operation[],
): Promise<SteadyState> {
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

/** Why the happy path does not hold, as one sentence; null: it holds. */
export async function judgeSteadyState(
  sandbox: Sandbox,
  operations: readonly Operation[],
  signal: AbortSignal,
): Promise<string | null> {
  const failed = operations.filter((operation) => !isExpected(operation))
  const [first] = failed
  if (operations.length === 0) return 'No operation was sent in the steady state.'
  if (first !== undefined && failed.length > operations.length * failedShareMax)
    return `Before the first fault, ${failed.length} of ${operations.length} operations failed; at most ${failedShareMax * 100} % may fail. The first: ${describe(first)}.`
  const { afterMs, unsettled } = await waitUntilSettled(sandbox, settleLimitMs, signal)
  if (afterMs !== null) return null
  return `Before the first fault, the shop did not settle within ${formatDuration(settleLimitMs)}: ${unsettled.join(', ')}.`
}

/** A success or "sold out"; for an operation that must be refused, that refusal. */
function isExpected(operation: Operation): boolean {
  const { outcome, attempts, answer } = operation
  const owed = owedRefusal(operation)
  if (owed === undefined) return outcome === 'ok' || (outcome === 'fail' && answer === 'sold-out')
  return outcome === 'fail' && attempts.at(-1)?.status === owed.status
}

function describe({ kind, outcome, answer, attempts }: Operation): string {
  const last = attempts.at(-1)
  const what =
    answer ?? last?.error ?? (last?.status === undefined ? 'no response' : `status ${last.status}`)
  return `${kind}, ${outcome} (${what})`
}
