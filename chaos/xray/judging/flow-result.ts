import type { Operation } from '#chaos/contracts/history.ts'
import { show } from '#chaos/shop/claims/claim.ts'
import { falseClaimOf } from '#chaos/shop/claims/false-claims.ts'
import { shopFacts } from '#chaos/shop/claims/shop-facts.ts'
import type { Truth } from '#chaos/shop/truth/truth.ts'
import { cacheTtlDefaultMs } from '#services/topology.ts'

import { serviceLinkOf, type Violation } from '../matrix.ts'
import type { ObservedOrder } from '../place-observed-order.ts'
import { type FlowName, isOptional, operationOf } from '../planning/flows.ts'
import { slowMs } from '../planning/timers.ts'
import { rankOf } from './cell-results.ts'
import { orderResult, type OrderResult, truthOf } from './order-result.ts'

/**
 * Decides the result of a flow: the worst of all that apply. `retried`: the flow had exchanges that a run without a fault does
 * not have.
 */
export function flowResult(flow: FlowName, placed: ObservedOrder, retried: boolean): OrderResult {
  const result =
    operationOf(flow) === 'place-order'
      ? orderResult(placed, truthOf(placed.key, placed.before, placed.truth), retried)
      : readResult(flow, placed, retried)
  const untrue = falseResponse(flow, placed)
  if (untrue === undefined || rankOf(result.result) < rankOf('untrue')) return result
  return { ...result, result: 'untrue', violations: [untrue] }
}

/** A flow that only reads. */
function readResult(flow: FlowName, placed: ObservedOrder, retried: boolean): OrderResult {
  const { ack, before, truth, doneAfterMs } = placed
  const global = ack.attempts.map(({ body, result }) => inWords(body) ?? result).join(', then ')
  const was = effectsIn(before)
  const is = effectsIn(truth)
  if (was !== is)
    return {
      result: 'torn',
      violations: [{ invariant: 'a read changes nothing', expected: was, actual: is }],
      global,
    }
  const good = (result: OrderResult['result']): OrderResult => ({ result, violations: [], global })
  if (ack.outcome !== 'ok') return needless(flow, placed, global) ?? good('ok-rejected')
  if (doneAfterMs > slowMs) return good('ok-slow')
  return good(retried ? 'ok-retried' : 'ok')
}

/** The fault hit a message that the flow can do without, and its caller did not die. */
function needless(
  flow: FlowName,
  { sprung, restarts, ack }: ObservedOrder,
  global: string,
): OrderResult | undefined {
  const link = sprung?.event.link
  if (link === undefined) return undefined
  const optional = serviceLinkOf({ link })
  const [caller = ''] = link.split(':')
  if (!isOptional(flow, optional) || restarts.includes(caller)) return undefined
  const actual = ack.attempts.map(({ result }) => result).join(', then ')
  const violation = {
    invariant: `the customer receives a success response without ${optional}`,
    expected: 'success',
    actual,
  }
  return { result: 'unserved', violations: [violation], global }
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

/** The first false claim in what the client received. */
function falseResponse(
  flow: FlowName,
  { key, order, ack, startMs, truth, startedAt }: ObservedOrder,
): Violation | undefined {
  const facts = shopFacts({ truth, workloadStartedAt: startedAt, cacheTtlMs: cacheTtlDefaultMs })
  const attempts = ack.attempts.map((attempt) => ({
    ...attempt,
    startMs: attempt.startMs - startMs,
    endMs: attempt.endMs - startMs,
  }))
  const operation: Operation = {
    id: 1,
    kind: operationOf(flow),
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
