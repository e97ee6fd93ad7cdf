import { type OrderRow, type OrderStatus, type Truth } from '#chaos/contracts/truth.ts'

import type { Violation } from '../matrix.ts'
import type { ObservedOrder } from '../place-observed-order.ts'
import { slowMs } from '../planning/profile.ts'
import type { OrderResultName } from './cell-results.ts'

/** What the sources of truth say about one order. */
export interface OrderTruth {
  readonly orders: readonly OrderRow[]
  /** Charges that were captured and not given back. */
  readonly charges: readonly { readonly amountCents: number }[]
  readonly ledgerCharges: readonly { readonly amountCents: number }[]
  readonly refunds: number
  readonly outboxWaiting: number
  readonly jobs: number
  /** Pieces that are missing in stock since the order began. */
  readonly stockTaken: number
}

export interface OrderResult {
  readonly verdict: OrderResultName
  readonly violations: readonly Violation[]
  /** What the business sees, in words. */
  readonly global: string
}

const live: readonly OrderStatus[] = ['placed', 'charging', 'paid', 'parked']
const moving: readonly OrderStatus[] = ['placed', 'charging']

/** Everything that belongs to the key, and what the order took from stock. */
export function truthOf(key: string, before: Truth, after: Truth): OrderTruth {
  const mine = (orderId: string): boolean => orderId === key || orderId.startsWith(`${key}.`)
  const captured = after.charges.filter(
    (charge) =>
      mine(charge.orderId) &&
      charge.status === 'captured' &&
      charge.refundedCents < charge.amountCents,
  )
  const ledger = after.ledger.filter(({ orderId }) => mine(orderId))
  return {
    orders: after.orders.filter(({ clientKey }) => clientKey === key),
    charges: captured,
    ledgerCharges: ledger
      .filter(({ kind }) => kind === 'charge')
      .map(({ entries }) => ({
        amountCents: entries
          .filter(({ amountCents }) => amountCents > 0)
          .reduce((sum, { amountCents }) => sum + amountCents, 0),
      })),
    refunds: ledger.filter(({ kind }) => kind === 'refund').length,
    outboxWaiting: after.outbox.filter(
      ({ orderId, publishedAt }) => mine(orderId) && publishedAt === null,
    ).length,
    jobs: after.queue.unfinishedOrderIds.filter(mine).length,
    stockTaken: stockOf(before) - stockOf(after),
  }
}

/** The verdict about one order: the worst of all that is true. `retried`: exchanges that an untouched run does not have. */
export function orderResult(
  placed: Pick<ObservedOrder, 'ack' | 'quietAfterMs' | 'doneAfterMs'>,
  order: OrderTruth,
  retried: boolean,
): OrderResult {
  const [row] = order.orders
  const status = row?.status
  const global = describe(order)
  const bad =
    doubles(order) ??
    torn(order) ??
    lost(placed, order) ??
    phantom(placed, order) ??
    unfinished(placed, order)
  if (bad !== undefined) return { ...bad, global }
  const good = (verdict: OrderResultName): OrderResult => ({ verdict, violations: [], global })
  if (placed.ack.outcome !== 'ok')
    return good(row === undefined ? 'ok-rejected' : 'ok-indeterminate')
  if (status === 'parked' || placed.doneAfterMs > slowMs) return good('ok-slow')
  return good(retried ? 'ok-retried' : 'ok')
}

type Found = Omit<OrderResult, 'global'> | undefined

function doubles(order: OrderTruth): Found {
  const quantity = Math.max(0, ...order.orders.map((row) => row.quantity))
  const violations = [
    atMostOne('charged at most once', order.charges.length),
    atMostOne('booked at most once', order.ledgerCharges.length - order.refunds),
    atMostOne('one order per key', order.orders.length),
    order.stockTaken > quantity && quantity > 0
      ? violation('stock taken once', `${quantity} pieces`, `${order.stockTaken} pieces`)
      : undefined,
  ].filter((one) => one !== undefined)
  return violations.length === 0 ? undefined : { verdict: 'double-effect', violations }
}

function torn(order: OrderTruth): Found {
  const [row] = order.orders
  const status = row?.status ?? 'no order'
  const charged = order.charges.length === 1
  const booked = order.ledgerCharges.length - order.refunds === 1
  const paid = status === 'paid'
  const isMoving = moving.some((one) => one === status)
  const holds = row !== undefined && live.includes(row.status) ? row.quantity : 0
  const sums = [...order.charges, ...order.ledgerCharges].map(({ amountCents }) => amountCents)
  const violations = [
    charged !== paid && !(charged && (isMoving || status === 'parked'))
      ? violation(
          'charged if and only if paid',
          `order ${status}`,
          charged ? 'charged' : 'not charged',
        )
      : undefined,
    booked !== paid
      ? violation('booked if and only if paid', `order ${status}`, booked ? 'booked' : 'not booked')
      : undefined,
    row !== undefined && sums.some((sum) => sum !== row.amountCents)
      ? violation('charged what was ordered', `${row.amountCents}`, sums.join(' and '))
      : undefined,
    order.stockTaken !== holds
      ? violation('stock is what the orders hold', `${holds} taken`, `${order.stockTaken} taken`)
      : undefined,
  ].filter((one) => one !== undefined)
  return violations.length === 0 ? undefined : { verdict: 'torn', violations }
}

/** Told yes, and nothing will come of it. */
function lost(
  { ack, quietAfterMs }: Pick<ObservedOrder, 'ack' | 'quietAfterMs'>,
  order: OrderTruth,
): Found {
  if (ack.outcome !== 'ok') return undefined
  const [row] = order.orders
  const inHand = order.jobs > 0 || order.outboxWaiting > 0
  const gone = row === undefined || (quietAfterMs === null && isMoving(row) && !inHand)
  if (!gone) return undefined
  const actual = row === undefined ? 'there is no order' : `${row.status}, and in nobody's hands`
  return {
    verdict: 'lost',
    violations: [violation('what was promised is done', 'paid or refused', actual)],
  }
}

/** Told no, and yet something was done. */
function phantom({ ack }: Pick<ObservedOrder, 'ack'>, order: OrderTruth): Found {
  if (ack.outcome !== 'fail') return undefined
  const [row] = order.orders
  const done = order.charges.length > 0 || (row !== undefined && live.includes(row.status))
  if (!done) return undefined
  return {
    verdict: 'phantom',
    violations: [violation('what was refused is not done', 'nothing', describe(order))],
  }
}

function unfinished(
  { quietAfterMs }: Pick<ObservedOrder, 'quietAfterMs'>,
  order: OrderTruth,
): Found {
  if (quietAfterMs !== null) return undefined
  const [row] = order.orders
  const inHand = order.jobs > 0 || order.outboxWaiting > 0
  if (row !== undefined && isMoving(row) && !inHand)
    return {
      verdict: 'orphan',
      violations: [
        violation('every order is in somebody’s hands', 'a job', `${row.status}, no job`),
      ],
    }
  return {
    verdict: 'stuck',
    violations: [
      violation(
        'every order comes to an end',
        'an end',
        `${row?.status ?? 'no order'}, still moving`,
      ),
    ],
  }
}

function isMoving(row: OrderRow): boolean {
  return moving.includes(row.status)
}

function describe(order: OrderTruth): string {
  const [row] = order.orders
  const count = (n: number, one: string): string => (n === 1 ? one : `${one} ${n} times`)
  return [
    order.orders.length > 1 ? `${order.orders.length} orders` : (row?.status ?? 'no order'),
    order.charges.length === 0 ? 'not charged' : count(order.charges.length, 'charged'),
    order.ledgerCharges.length === 0 ? 'not booked' : count(order.ledgerCharges.length, 'booked'),
    `${order.stockTaken} from stock`,
    ...(order.jobs > 0 ? ['a job waits'] : []),
    ...(order.outboxWaiting > 0 ? ['a message waits'] : []),
  ].join(', ')
}

function atMostOne(invariant: string, actual: number): Violation | undefined {
  return actual > 1 ? violation(invariant, 'at most 1', `${actual}`) : undefined
}

function violation(invariant: string, expected: string, actual: string): Violation {
  return { invariant, expected, actual }
}

function stockOf(truth: Truth): number {
  return truth.products.reduce((sum, { stock }) => sum + stock, 0)
}
