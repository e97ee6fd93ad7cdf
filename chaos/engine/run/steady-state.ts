import { warmUpTag } from '#chaos/contracts/history.ts'
import type { Operation } from '#chaos/contracts/history.ts'
import type { Scenario, Workload } from '#chaos/contracts/scenario.ts'
import { entriesOf } from '#chaos/contracts/topology.ts'
import { formatDuration } from '#chaos/lib/duration.ts'
import { createRandom } from '#chaos/lib/random.ts'
import { owedRefusal } from '#chaos/shop/claims/must-be-refused.ts'

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

/** The warm-up sends this many operations of each kind to each instance that receives requests. */
const warmUpEach = 2
const warmUpMs = 400
/** A cold shop may take longer for a response than its customers wait. */
const warmUpResponseMs = 5_000

/** A few operations of each kind that the scenario has, for this many entries. Their orders take `sku`, one piece each. */
export function warmUpWorkload(workload: Workload, sku: string, entries: number): Workload {
  const perSecond = (warmUpEach * entries * 1_000) / warmUpMs
  const rate = (own: number): number => (own > 0 ? perSecond : 0)
  return {
    ...steadyWorkload(workload, warmUpMs),
    ordersPerSecond: rate(workload.ordersPerSecond),
    browsePerSecond: rate(workload.browsePerSecond),
    quotesPerSecond: rate(workload.quotesPerSecond),
    readOrdersPerSecond: rate(workload.readOrdersPerSecond),
    skus: [{ sku, share: 1 }],
    quantityMax: 1,
    refused: false,
    declinedShare: 0,
    client: {
      ...workload.client,
      attemptTimeoutMs: warmUpResponseMs,
      deadlineMs: warmUpResponseMs,
      retriesMax: 0,
    },
  }
}

/** The product with the largest stock: a scenario may count on the stock of its own product. */
async function plentifulSku(
  { truth }: Sandbox,
  { workload }: Scenario,
  signal: AbortSignal,
): Promise<string> {
  const { products } = await truth.read(signal)
  const [first] = products.toSorted((a, b) => b.stock - a.stock)
  return first?.sku ?? workload.skus[0]?.sku ?? ''
}

export interface SteadyState {
  /** Also those of the warm-up. */
  readonly operations: readonly Operation[]
  /** Why the happy path does not hold, as one sentence; null: it holds. */
  readonly trouble: string | null
}

/**
 * Warms the shop up, then sends the load of the steady state and judges it. Adds each operation to `history`. Only the checks of
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
      scenario.workload,
      await plentifulSku(sandbox, scenario, signal),
      entriesOf(sandbox.system.topology).length,
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
    workload: steadyWorkload(scenario.workload, scenario.steadyStateMs),
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
