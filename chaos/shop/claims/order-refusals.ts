import { isDefiniteRefusal } from '#chaos/contracts/history.ts'
import type { Attempt } from '#chaos/contracts/history.ts'

import type { OrderCase } from '../checks/lib/order-cases.ts'
import type { ShopOperation } from '../operation.ts'
import type { OrderRow } from '../truth/truth.ts'
import type { FalseClaim } from './claim.ts'
import type { ShopFacts } from './shop-facts.ts'
import { toleranceMs } from './shop-facts.ts'

/** Why a definite refusal of an order is false, as a fact. Undefined: it is true. */
export function falseOrderRefusal(
  operation: ShopOperation,
  attempt: Attempt,
  order: OrderCase,
  facts: ShopFacts,
): string | undefined {
  const firstMs = Math.min(...order.operations.map(({ startMs }) => startMs))
  if (attempt.code === 'sold-out') return notSoldOut(operation, attempt, firstMs, facts)
  const own = order.rows.find((row) => hasBodyOf(row, operation))
  if (attempt.status === 422 && !order.operations.some((other) => !sameBody(other, operation)))
    return 'this key was sent with one body only'
  if ((attempt.status === 409 || attempt.status === 422) && own !== undefined)
    return `the order ${own.id} of this key and body is in Postgres`
  return own !== undefined && comesFromRefused(own, operation, order, facts)
    ? `its request placed the order ${own.id}`
    : undefined
}

function notSoldOut(
  { sku, quantity }: ShopOperation,
  { endMs }: Attempt,
  firstMs: number,
  facts: ShopFacts,
): string | undefined {
  const stocks = facts.stocksIn(sku ?? '', { fromMs: firstMs, toMs: endMs })
  const least = Math.min(...stocks)
  return least >= (quantity ?? 0) ? `${least} or more of ${sku} were left all the time` : undefined
}

/** Whether every request that can have placed this order was refused definitely. */
function comesFromRefused(
  row: OrderRow,
  operation: ShopOperation,
  order: OrderCase,
  facts: ShopFacts,
): boolean {
  const placedMs = facts.visibleFromMs(row.id)
  if (placedMs === undefined) return false
  const possible = order.operations
    .filter((other) => sameBody(other, operation))
    .flatMap(({ attempts }) => attempts)
    .filter(({ startMs, sent }) => sent !== false && startMs <= placedMs + toleranceMs)
  return possible.length > 0 && possible.every((attempt) => isDefiniteRefusal(attempt))
}

function hasBodyOf(row: OrderRow, { sku, quantity }: ShopOperation): boolean {
  return row.sku === sku && row.quantity === quantity
}

function sameBody(a: ShopOperation, b: ShopOperation): boolean {
  return a.sku === b.sku && a.quantity === b.quantity && a.customer === b.customer
}

/** Versions of the message about an order that the shop understands. */
const knownVersions: readonly unknown[] = [1, 2]

/** A final status that the sources of truth do not justify. */
export function falselyRejected(order: OrderCase): FalseClaim | undefined {
  // The run has no record of the orders of other clients.
  if (order.operations.length === 0) return undefined
  for (const row of order.rows) {
    const declined = order.charges.some(
      ({ orderId, status }) => orderId === row.id && status === 'declined',
    )
    if (row.status === 'rejected' && !declined)
      return { expected: 'payments declined no charge of it', actual: 'the status `rejected`' }
    if (row.status === 'parked' && !mayBeParked(order))
      return {
        expected: 'the shop can process it: its label, its risk and its message are fine',
        actual: 'the status `parked`',
      }
  }
  return undefined
}

function mayBeParked({ operations, messages }: OrderCase): boolean {
  return (
    operations.some(({ tags }) => tags.includes('poison') || tags.includes('suspicious')) ||
    messages.some(({ payload }) => {
      const { version } = (payload ?? {}) as { readonly version?: unknown }
      return !knownVersions.includes(version)
    })
  )
}
