import type {
  FlowResult,
  FlowResultName,
  FlowRun,
  Violation,
} from '#chaos/contracts/system/flow.ts'

import type { OrderRow, OrderStatus, Truth } from '../truth/truth.ts'

/** What the sources of truth contain about one order. */
export interface OrderTruth {
  readonly orders: readonly OrderRow[]
  /** Charges that are captured and not completely refunded. */
  readonly charges: readonly { readonly amountCents: number }[]
  readonly ledgerCharges: readonly { readonly amountCents: number }[]
  readonly refunds: number
  readonly outboxWaiting: number
  readonly jobs: number
  /** Pieces that left the stock since the order began. */
  readonly stockTaken: number
}

const live: readonly OrderStatus[] = ['placed', 'charging', 'paid', 'parked']
const moving: readonly OrderStatus[] = ['placed', 'charging']

/** Selects from two snapshots of the truth what belongs to the key of one order. */
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

/** Decides the result of one order: the worst of all that apply. */
export function orderResult(placed: PlacedOrder, order: OrderTruth): FlowResult {
  const [row] = order.orders
  const global = describe(order)
  const bad =
    doubles(order) ??
    torn(order) ??
    lost(placed, order) ??
    phantom(placed, order) ??
    unfinished(placed, order)
  if (bad !== undefined) return { ...bad, global }
  const good = (result: FlowResultName): FlowResult => ({ result, violations: [], global })
  if (placed.ack.outcome !== 'ok')
    return good(row === undefined ? 'ok-rejected' : 'ok-indeterminate')
  return good(row?.status === 'parked' ? 'ok-slow' : 'ok')
}

type PlacedOrder = Pick<FlowRun, 'ack' | 'settledAfterMs'>
type Found = Omit<FlowResult, 'global'> | undefined

function doubles(order: OrderTruth): Found {
  const quantity = Math.max(0, ...order.orders.map((row) => row.quantity))
  const violations = [
    atMostOne('charged at most once', order.charges.length),
    atMostOne('booked at most once', order.ledgerCharges.length - order.refunds),
    atMostOne('at most one order per key', order.orders.length),
    order.stockTaken > quantity && quantity > 0
      ? violation('stock is taken at most once', `${quantity} pieces`, `${order.stockTaken} pieces`)
      : undefined,
  ].filter((one) => one !== undefined)
  return violations.length === 0 ? undefined : { result: 'double-effect', violations }
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
          'charged only if the order is paid',
          `order ${status}`,
          charged ? 'charged' : 'not charged',
        )
      : undefined,
    booked !== paid
      ? violation(
          'booked only if the order is paid',
          `order ${status}`,
          booked ? 'booked' : 'not booked',
        )
      : undefined,
    row !== undefined && sums.some((sum) => sum !== row.amountCents)
      ? violation(
          'charged and booked amounts equal the order amount',
          `${row.amountCents}`,
          sums.join(' and '),
        )
      : undefined,
    order.stockTaken !== holds
      ? violation(
          'stock taken equals the quantity of the open or paid order',
          `${holds} taken`,
          `${order.stockTaken} taken`,
        )
      : undefined,
  ].filter((one) => one !== undefined)
  return violations.length === 0 ? undefined : { result: 'torn', violations }
}

/**
 * The customer received a success response. The order does not exist, or it stays open and no
 * process continues it.
 */
function lost({ ack, settledAfterMs }: PlacedOrder, order: OrderTruth): Found {
  if (ack.outcome !== 'ok') return undefined
  const [row] = order.orders
  const hasWork = order.jobs > 0 || order.outboxWaiting > 0
  const isLost = row === undefined || (settledAfterMs === null && isMoving(row) && !hasWork)
  if (!isLost) return undefined
  const actual = row === undefined ? 'no order' : `${row.status}, no job and no outbox message`
  return {
    result: 'lost',
    violations: [
      violation('an acknowledged order reaches a final status', 'a final status', actual),
    ],
  }
}

/** The customer received a refusal. The order was accepted or charged. */
function phantom({ ack }: Pick<FlowRun, 'ack'>, order: OrderTruth): Found {
  if (ack.outcome !== 'fail') return undefined
  const [row] = order.orders
  const done = order.charges.length > 0 || (row !== undefined && live.includes(row.status))
  if (!done) return undefined
  return {
    result: 'phantom',
    violations: [violation('a refused order has no effect', 'no effect', describe(order))],
  }
}

function unfinished({ settledAfterMs }: Pick<FlowRun, 'settledAfterMs'>, order: OrderTruth): Found {
  if (settledAfterMs !== null) return undefined
  const [row] = order.orders
  const hasWork = order.jobs > 0 || order.outboxWaiting > 0
  if (row !== undefined && isMoving(row) && !hasWork)
    return {
      result: 'orphan',
      violations: [
        violation(
          'an open order has a job or an outbox message',
          'one of them',
          `${row.status}, neither`,
        ),
      ],
    }
  return {
    result: 'stuck',
    violations: [
      violation(
        'the order reaches a final status and its job ends',
        'settled',
        `${row?.status ?? 'no order'}, not settled`,
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
    ...(order.jobs > 0 ? ['a job is unfinished'] : []),
    ...(order.outboxWaiting > 0 ? ['an outbox message is unpublished'] : []),
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
