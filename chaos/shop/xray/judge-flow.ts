import type { FlowResult, FlowRun, Violation } from '#chaos/contracts/system/flow.ts'
import { cacheTtlDefaultMs } from '#services/topology.ts'

import { show } from '../claims/claim.ts'
import { falseClaimOf } from '../claims/false-claims.ts'
import { shopFacts } from '../claims/shop-facts.ts'
import type { ShopOperation, ShopOperationKind } from '../operation.ts'
import type { Truth } from '../truth/truth.ts'
import { orderResult, truthOf } from './order-result.ts'

/** What every order and every quote of an X-ray asks for. */
export const order = { sku: 'tea', quantity: 2, customer: 'ann' } as const

/** Judges the run of a flow about one order. */
export function judgeOrderFlow(run: FlowRun<Truth>): FlowResult {
  return orUntrue(run, 'place-order', orderResult(run, truthOf(run.key, run.before, run.truth)))
}

/** Judges the run of a flow that only reads. */
export function judgeReadFlow(run: FlowRun<Truth>, kind: ShopOperationKind): FlowResult {
  return orUntrue(run, kind, readResult(run))
}

function readResult({ ack, before, truth }: FlowRun<Truth>): FlowResult {
  const global = ack.attempts.map(({ body, result }) => inWords(body) ?? result).join(', then ')
  const was = effectsIn(before)
  const is = effectsIn(truth)
  if (was !== is)
    return {
      result: 'torn',
      violations: [{ invariant: 'a read changes nothing', expected: was, actual: is }],
      global,
    }
  return { result: ack.outcome === 'ok' ? 'ok' : 'ok-rejected', violations: [], global }
}

/** What only a write can change. */
function effectsIn({ orders, charges, ledger, outbox, products }: Truth): string {
  const stock = products.reduce((sum, product) => sum + product.stock, 0)
  return `${orders.length} orders, ${charges.length} charges, ${ledger.length} ledger transactions, ${outbox.length} outbox messages, ${stock} in stock`
}

/** `tea for 450`; for a quote: `2 tea for 900, complete` */
function inWords(body: Readonly<Record<string, unknown>> | undefined): string | undefined {
  if (body === undefined) return undefined
  const { sku, quantity, priceCents, amountCents, complete } = body
  if (quantity === undefined) return `${show(sku)} for ${show(priceCents)}`
  const how = complete === true ? 'complete' : 'incomplete'
  return `${show(quantity)} ${show(sku)} for ${show(amountCents)}, ${how}`
}

/** `untrue` if a response is false, unless the result is one of those that are worse. */
function orUntrue(run: FlowRun<Truth>, kind: ShopOperationKind, result: FlowResult): FlowResult {
  if (worse.has(result.result)) return result
  const untrue = falseResponse(run, kind)
  return untrue === undefined ? result : { ...result, result: 'untrue', violations: [untrue] }
}

const worse: ReadonlySet<FlowResult['result']> = new Set([
  'double-effect',
  'torn',
  'lost',
  'phantom',
])

/** The first false claim in what the client received. */
function falseResponse(
  { key, ack, startMs, truth, startedAt }: FlowRun<Truth>,
  kind: ShopOperationKind,
): Violation | undefined {
  const facts = shopFacts({ truth, workloadStartedAt: startedAt, cacheTtlMs: cacheTtlDefaultMs })
  const attempts = ack.attempts.map((attempt) => ({
    ...attempt,
    startMs: attempt.startMs - startMs,
    endMs: attempt.endMs - startMs,
  }))
  const operation: ShopOperation = {
    id: 1,
    kind,
    key,
    ...order,
    outcome: ack.outcome,
    startMs: 0,
    endMs: attempts.at(-1)?.endMs ?? 0,
    attempts,
    tags: [],
  }
  const found = falseClaimOf(operation, 0, facts)
  return found && { invariant: 'every response is true', ...found }
}
