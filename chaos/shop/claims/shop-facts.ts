import { allOperations } from '#chaos/checks/lib/all-operations.ts'

import { cacheTtlMs } from '../cache-ttl.ts'
import type { ShopRun } from '../evidence.ts'
import type { OrderRow, OrderStatus, PaymentMethodOffer } from '../truth/truth.ts'

/** Milliseconds since the workload began. */
export interface Period {
  readonly fromMs: number
  readonly toMs: number
}

/** What the sources of truth held at each moment of a run. All periods are widened by {@link toleranceMs}. */
export interface ShopFacts {
  /** Every price in cents that was in force at some moment of the period. Empty: there is no such product. */
  pricesIn(sku: string, period: Period): readonly number[]
  /** Every stock that was committed at some moment of the period. Empty: there is no such product. */
  stocksIn(sku: string, period: Period): readonly number[]
  /** Every status that the order had at some moment of the period. */
  statusesIn(orderId: string, period: Period): readonly OrderStatus[]
  /** Every status that the order had from the latest one on that a customer has seen before the period, until its end. */
  statusesSinceSeen(orderId: string, period: Period): readonly OrderStatus[]
  /** When the order became visible. Undefined: there is no such order. */
  visibleFromMs(orderId: string): number | undefined
  order(orderId: string): OrderRow | undefined
  hasProduct(sku: string): boolean
  /** What payments offers for this amount. Undefined: the truth does not contain it. */
  paymentMethods(amountCents: number): readonly PaymentMethodOffer[] | undefined
  readonly cacheTtlMs: number
}

/** Clocks of the client and of the stores may differ by this much. */
export const toleranceMs = 25
/**
 * Postgres stamps a commit before it writes the commit to the disk, and shows it to others afterwards. So the value before can
 * be read a little later than the stamp of the change, on a busy disk by more than 25 ms.
 */
const flushMs = 250

interface Change<T> {
  readonly atMs: number
  readonly value: T
}

/** The facts of a run. The environment of its scenario says how old a cached product may be. */
export function factsOfRun(run: ShopRun): ShopFacts {
  return shopFacts({ ...run, cacheTtlMs: cacheTtlMs(run) })
}

/** While it runs, the COMMIT of an order waits until it has the order on its disk. */
const standby = 'postgres-replica'

/** Whether an order may have been stamped long before others could see it. */
function hadStandby(journal: ShopRun['journal']): boolean {
  return journal.some(
    (event) =>
      (event.type === 'instance' && event.instance === standby) ||
      (event.type === 'link' && event.link.endsWith(`:${standby}`)),
  )
}

/** Reads the facts from a truth. */
export function shopFacts({
  truth,
  workloadStartedAt,
  cacheTtlMs: ttlMs,
  operations = [],
  steadyOperations = [],
  journal = [],
}: Pick<ShopRun, 'truth' | 'workloadStartedAt'> &
  Partial<Pick<ShopRun, 'operations' | 'steadyOperations' | 'journal'>> & {
    readonly cacheTtlMs: number
  }): ShopFacts {
  const epochMs = Date.parse(workloadStartedAt)
  const sinceStart = (iso: string): number => Date.parse(iso) - epochMs
  const prices = changesBySku(truth.priceEvents, sinceStart, ({ priceCents }) => priceCents)
  const stocks = changesBySku(truth.stockEvents, sinceStart, ({ stock }) => stock)
  const firstPrices = firstBySku(truth.priceEvents, ({ previousCents }) => previousCents)
  const firstStocks = firstBySku(truth.stockEvents, ({ previousStock }) => previousStock)
  const events = Map.groupBy(truth.orderEvents, ({ orderId }) => orderId)
  const products = new Map(truth.products.map((product) => [product.sku, product]))
  const orders = new Map(truth.orders.map((order) => [order.id, order]))
  const acknowledged = allOperations({ operations, steadyOperations }).filter(
    ({ outcome }) => outcome === 'ok',
  )
  const seen = Map.groupBy(acknowledged, ({ orderId }) => orderId)
  const stocksWait = hadStandby(journal)

  return {
    pricesIn(sku, period) {
      const product = products.get(sku)
      if (product === undefined) return []
      return valuesIn(firstPrices.get(sku) ?? product.priceCents, prices.get(sku) ?? [], period)
    },
    stocksIn(sku, period) {
      const product = products.get(sku)
      if (product === undefined) return []
      const changes = stocks.get(sku) ?? []
      return valuesIn(firstStocks.get(sku) ?? product.stock, changes, period, stocksWait)
    },
    statusesIn(orderId, period) {
      const changes = events.get(orderId) ?? []
      return valuesIn(
        undefined,
        changes.map((event) => ({ atMs: sinceStart(event.committedAt), value: event.status })),
        period,
      ).filter((status) => status !== undefined)
    },
    statusesSinceSeen: (orderId, { fromMs, toMs }) => {
      const answers = (seen.get(orderId) ?? []).filter(({ endMs }) => endMs <= fromMs)
      const until = (events.get(orderId) ?? []).filter(
        ({ committedAt }) => sinceStart(committedAt) <= toMs + toleranceMs,
      )
      return sinceLatest(
        until.map(({ status }) => status),
        answers.map(({ answer }) => answer),
      )
    },
    visibleFromMs(orderId) {
      const [first] = events.get(orderId) ?? []
      return first === undefined ? undefined : sinceStart(first.committedAt)
    },
    order: (orderId) => orders.get(orderId),
    hasProduct: (sku) => products.has(sku),
    paymentMethods: (amountCents) => truth.paymentMethods[String(amountCents)],
    cacheTtlMs: ttlMs,
  }
}

/** A run has thousands of responses and of changes: each time is parsed once. */
function changesBySku<E extends { readonly sku: string; readonly committedAt: string }, T>(
  changed: readonly E[],
  sinceStart: (iso: string) => number,
  valueOf: (event: E) => T,
): ReadonlyMap<string, readonly Change<T>[]> {
  const changes = changed.map((event) => ({
    sku: event.sku,
    atMs: sinceStart(event.committedAt),
    value: valueOf(event),
  }))
  return Map.groupBy(changes, ({ sku }) => sku)
}

/** What each product had before its first change. */
function firstBySku<E extends { readonly sku: string }, T>(
  changed: readonly E[],
  previousOf: (event: E) => T,
): ReadonlyMap<string, T> {
  const first = new Map<string, T>()
  for (const event of changed) if (!first.has(event.sku)) first.set(event.sku, previousOf(event))
  return first
}

/** The statuses from the latest of those on that were seen. */
function sinceLatest(
  statuses: readonly OrderStatus[],
  seen: readonly (string | undefined)[],
): readonly OrderStatus[] {
  const first = seen.map((answer) => statuses.findIndex((status) => status === answer))
  return statuses.slice(Math.max(0, ...first))
}

/**
 * The values in force in the period: the last one before it, and every later one until its end. `isSlow`: a transaction may
 * wait long between its stamp and the moment when others see it. It holds the lock of its row meanwhile, so others see it
 * before the stamp of the next change.
 */
function valuesIn<T>(
  first: T,
  changes: readonly Change<T>[],
  { fromMs, toMs }: Period,
  isSlow = false,
): readonly T[] {
  const values = new Set<T>()
  let atMs = Number.NEGATIVE_INFINITY
  let value = first
  const addUntil = (untilMs: number): void => {
    if (atMs <= toMs + toleranceMs && untilMs + flushMs >= fromMs - toleranceMs) values.add(value)
  }
  for (const [i, change] of changes.entries()) {
    addUntil(isSlow ? (changes[i + 1]?.atMs ?? Number.POSITIVE_INFINITY) : change.atMs)
    ;({ atMs, value } = change)
  }
  addUntil(Number.POSITIVE_INFINITY)
  return [...values]
}
