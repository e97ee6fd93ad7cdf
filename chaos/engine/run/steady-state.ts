import type { Operation } from '#chaos/contracts/history.ts'
import type { Workload } from '#chaos/contracts/scenario.ts'
import { formatDuration } from '#chaos/lib/duration.ts'

import type { Sandbox } from '../sandbox.ts'
import { waitUntilSettled } from './wait-until-settled.ts'

/** The share of operations that may go wrong on a busy machine although the shop is healthy. */
const failedShareMax = 0.02
const settleLimitMs = 5_000

/** The workload of the steady state: the same rates, without duplicates, poisonous and huge orders. */
export function steadyWorkload(workload: Workload, durationMs: number): Workload {
  return {
    ...workload,
    durationMs,
    duplicateShare: 0,
    duplicateOtherBodyShare: 0,
    poisonOrders: [],
    hugeOrders: [],
  }
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

/** A success, or a refusal by the API (sold out, declined). */
function isExpected({ outcome, attempts }: Operation): boolean {
  const status = attempts.at(-1)?.status ?? 0
  return outcome === 'ok' || (outcome === 'fail' && status >= 400 && status < 500)
}

function describe({ kind, outcome, answer, attempts }: Operation): string {
  const last = attempts.at(-1)
  const what =
    answer ?? last?.error ?? (last?.status === undefined ? 'no response' : `status ${last.status}`)
  return `${kind}, ${outcome} (${what})`
}
