import type { Operation } from '#chaos/contracts/history.ts'
import type { Workload } from '#chaos/contracts/scenario.ts'
import { formatDuration } from '#chaos/lib/duration.ts'

import type { Sandbox } from '../sandbox.ts'
import { waitUntilSettled } from './wait-until-settled.ts'

/** A busy laptop may lose this share of operations and be healthy. */
const troubleMax = 0.02
const quietWithinMs = 5_000

/** The load of the steady state: the same, without what a scenario does to hurt. */
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

/** Why the happy path does not hold, in words; null when it does. */
export async function judgeSteadyState(
  sandbox: Sandbox,
  operations: readonly Operation[],
  signal: AbortSignal,
): Promise<string | null> {
  const trouble = operations.filter((operation) => !isFine(operation))
  const [first] = trouble
  if (operations.length === 0) return 'No operation was sent in the steady state.'
  if (first !== undefined && trouble.length > operations.length * troubleMax)
    return `Before anything was broken, ${trouble.length} of ${operations.length} operations went wrong: the first was ${describe(first)}.`
  const quiet = await waitUntilSettled(sandbox, quietWithinMs, signal)
  if (quiet.afterMs !== null) return null
  return `Before anything was broken, the shop did not come to rest within ${formatDuration(quietWithinMs)}: ${quiet.moving.join(', ')}.`
}

/** A refusal that the API means (sold out, declined) is an answer too. */
function isFine({ outcome, attempts }: Operation): boolean {
  const status = attempts.at(-1)?.status ?? 0
  return outcome === 'ok' || (outcome === 'fail' && status >= 400 && status < 500)
}

function describe({ kind, outcome, answer, attempts }: Operation): string {
  const last = attempts.at(-1)
  const what =
    answer ?? last?.error ?? (last?.status === undefined ? 'no answer' : `status ${last.status}`)
  return `${kind}, ${outcome} (${what})`
}
