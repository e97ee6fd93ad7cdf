import { oneOf, sameAsRequested, show } from './claim.ts'
import type { Claim } from './claim.ts'

/** What the shop claims in the response to a placed order. */
export const placedOrderClaims: readonly Claim[] = [
  ({ body, facts }) =>
    typeof body['orderId'] === 'string' && facts.order(body['orderId']) !== undefined
      ? undefined
      : { expected: 'an order that Postgres has', actual: `order ${show(body['orderId'])}` },
  sameAsRequested('key'),
  ({ operation, body, facts }) => {
    const order = facts.order(String(body['orderId']))
    if (order === undefined) return undefined
    const requested = `${operation.quantity} x ${operation.sku} for ${operation.customer}, key ${operation.key}`
    const stored = `${order.quantity} x ${order.sku} for ${order.customer}, key ${order.clientKey}`
    return requested === stored
      ? undefined
      : { expected: `an order of ${requested}`, actual: `an order of ${stored}` }
  },
  ({ body, facts }) => {
    const order = facts.order(String(body['orderId']))
    return order === undefined
      ? undefined
      : oneOf('amount in cents', body['amountCents'], [order.amountCents])
  },
  ({ operation, attempt, body, firstMs, facts }) =>
    oneOf(
      'amount in cents',
      body['amountCents'],
      amountsOf(
        facts.pricesIn(operation.sku ?? '', { fromMs: firstMs, toMs: attempt.endMs }),
        operation.quantity,
      ),
    ),
  ({ attempt, body, firstMs, facts }) =>
    oneOf(
      'status',
      body['status'],
      facts.statusesIn(String(body['orderId']), { fromMs: firstMs, toMs: attempt.endMs }),
    ),
]

/** What the shop claims about an order that a customer reads. */
export const readOrderClaims: readonly Claim[] = [
  ({ operation, body }) => oneOf('order', body['orderId'], [operation.orderId]),
  ({ body, facts }) => {
    const order = facts.order(String(body['orderId']))
    if (order === undefined)
      return { expected: 'an order that Postgres has', actual: `order ${show(body['orderId'])}` }
    return (
      oneOf('product', body['sku'], [order.sku]) ??
      oneOf('quantity', body['quantity'], [order.quantity]) ??
      oneOf('amount in cents', body['amountCents'], [order.amountCents])
    )
  },
  ({ operation, attempt, body, facts }) => {
    const orderId = String(body['orderId'])
    const { startMs: fromMs, endMs: toMs } = attempt
    // With a replica, a read may be old, but not older than what the same customer has seen before.
    const allowed =
      operation.position === undefined
        ? facts.statusesIn(orderId, { fromMs, toMs })
        : facts.statusesSinceSeen(orderId, { fromMs: operation.startMs, toMs })
    return oneOf('status', body['status'], allowed)
  },
]

/** The amount for each price. */
export function amountsOf(prices: readonly number[], quantity: number | undefined): number[] {
  return prices.map((cents) => cents * (quantity ?? 0))
}
