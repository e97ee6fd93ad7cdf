import type { Breach } from '#chaos/contracts/probe-report.ts'
import type { Quote, QuoteDesk, QuoteOrder, QuoteRequest } from '#services/api/seams.ts'
import type { PaymentMethod } from '#services/lib/payments-client.ts'
import { PaymentsError } from '#services/lib/payments-error.ts'
import { Refusal } from '#services/lib/refusal.ts'

import { Undecided, endInWords, inWords } from '../../contract-probe.ts'
import type { CallEnd, ProbeTools } from '../../contract-probe.ts'
import { createFakePool } from '../fake-pool.ts'
import type { FakePool } from '../fake-pool.ts'

export type Tools = ProbeTools<QuoteOrder>

/** As the lab's API has them. */
const limits = { connectionsMax: 5, acquireTimeoutMs: 500 }
const ownMethods: readonly PaymentMethod[] = [{ method: 'invoice', feeCents: 0 }]

/** How payments responds to a request: after a time, with the payment methods or an error. */
export interface PaymentsState {
  readonly name: string
  readonly afterMs: number
  readonly error?: () => Error
}

export const works: PaymentsState = { name: 'works', afterMs: 20 }
/** As in the lab: 600 ms later. */
export const slow: PaymentsState = { name: 'is slow', afterMs: 620 }
export const slower: PaymentsState = { name: 'is slower', afterMs: 950 }
/** As the shop's client does after a second without a response. */
export const silent: PaymentsState = {
  name: 'does not respond',
  afterMs: 1_000,
  error: () => PaymentsError.noAnswer(new Error('timeout')),
}
/** The connection ends before the response. */
export const broken: PaymentsState = {
  name: 'ends the connection',
  afterMs: 450,
  error: () => new TypeError('terminated'),
}
export const refuses: PaymentsState = {
  name: 'refuses at once',
  afterMs: 0,
  error: () => PaymentsError.refused(503, { message: 'too many requests' }),
}

/** What can go wrong before the price is known. */
export type Mishap = 'unknown product' | 'statement rejected' | 'no connection'

/** The shop around `quote-order`: products with their prices in force, a pool, and payments. */
export interface QuoteShop {
  readonly desk: QuoteDesk
  readonly pool: FakePool
  readonly prices: Map<string, number>
  payments: (amountCents: number) => PaymentsState
  mishap: Mishap | undefined
  /** Throws if the code sent a statement that this shop does not know. */
  assertKnown(): void
}

const read = 'SELECT product'
const harmless = /^\s*(begin|start transaction|commit|rollback|set|select 1)\b/i

export function createQuoteShop(
  tools: Tools,
  payments: QuoteShop['payments'] = () => works,
): QuoteShop {
  const prices = new Map([
    ['mug', 1_200],
    ['tea', 350],
    // More than 32 bits for more than one of them.
    ['yacht', 2_000_000_000],
  ])
  let unknownSql: string | undefined
  const inner = createFakePool(tools, limits, (sql) => {
    if (shop.mishap === 'statement rejected') throw new Error('Connection terminated unexpectedly')
    if (sql !== read && !harmless.test(sql)) unknownSql ??= sql
    return { rows: [], rowCount: 0, command: '' }
  })
  const connects = async (): Promise<void> => {
    if (shop.mishap !== 'no connection') return
    await tools.sleep(1)
    throw new Error('connect ECONNREFUSED')
  }
  const pool: FakePool = Object.create(inner, {
    connect: { value: async () => await connects().then(async () => await inner.connect()) },
    query: {
      value: async (...args: Parameters<FakePool['query']>) =>
        await connects().then(async () => await inner.query(...args)),
    },
  }) as FakePool
  const shop: QuoteShop = {
    pool,
    prices,
    payments,
    mishap: undefined,
    desk: {
      database: pool as unknown as QuoteDesk['database'],
      findProduct: async (queryable, sku) => {
        await queryable.query(read)
        const priceCents = shop.mishap === 'unknown product' ? undefined : prices.get(sku)
        if (priceCents === undefined)
          throw new Refusal('unknown-sku', `There is no product ${sku}.`, {
            status: 404,
            definite: true,
          })
        return { sku, name: sku, priceCents, stock: 100 }
      },
      askForMethods: async (amountCents) => {
        const { afterMs, error } = shop.payments(amountCents)
        await tools.sleep(afterMs)
        if (error !== undefined) throw error()
        return methodsFor(amountCents)
      },
      ownMethods,
    },
    assertKnown: () => {
      if (unknownSql !== undefined) throw new Undecided(`unknown statement: ${unknownSql}`)
    },
  }
  return shop
}

/** As in the shop: other methods, and other fees, for another amount. */
export function methodsFor(amountCents: number): readonly PaymentMethod[] {
  const methods = [...ownMethods, { method: 'card', feeCents: Math.round(amountCents / 50) }]
  return amountCents >= 5_000 ? [...methods, { method: 'instalments', feeCents: 300 }] : methods
}

/** A quote that has not arrived after this time has no customer any more. */
const quoteMaxMs = 60_000

export async function ask(
  tools: Tools,
  quoteOrder: QuoteOrder,
  shop: QuoteShop,
  request: QuoteRequest,
): Promise<CallEnd<Quote>> {
  const end = await tools.call(async () => await quoteOrder(request, shop.desk), quoteMaxMs)
  shop.assertKnown()
  return end
}

/** A quote arrived, for this request, at one of these prices. */
export function judgeAmount(
  end: CallEnd<Quote>,
  { sku, quantity }: QuoteRequest,
  pricesCents: readonly number[],
): Breach | undefined {
  const amounts = pricesCents.map((cents) => cents * quantity)
  const quote = end.how === 'returned' ? (end.value as Quote | undefined) : undefined
  if (quote?.sku === sku && quote.quantity === quantity && amounts.includes(quote.amountCents))
    return undefined
  return {
    expected: `a quote for ${quantity} × ${sku}, ${amounts.join(' or ')} cents`,
    actual: endInWords(end),
  }
}

/** The same, and the quote is complete only if it has what payments gave for its amount. */
export function judgeQuote(
  end: CallEnd<Quote>,
  request: QuoteRequest,
  pricesCents: readonly number[],
): Breach | undefined {
  const breach = judgeAmount(end, request, pricesCents)
  if (breach !== undefined || end.how !== 'returned') return breach
  const { amountCents, paymentMethods } = end.value
  const complete = end.value.complete as unknown
  const expected = methodsFor(amountCents)
  if (complete === false || (complete === true && isSame(paymentMethods, expected)))
    return undefined
  return {
    expected: `complete: false, or for ${amountCents} cents what payments gave for it: ${inWords(expected)}`,
    actual: endInWords(end),
  }
}

export function judgeComplete(
  end: CallEnd<Quote>,
  request: QuoteRequest,
  priceCents: number,
): Breach | undefined {
  const breach = judgeQuote(end, request, [priceCents])
  if (breach !== undefined || (end.how === 'returned' && end.value.complete)) return breach
  return {
    expected: `a complete quote for ${priceCents * request.quantity} cents`,
    actual: endInWords(end),
  }
}

function isSame(a: readonly PaymentMethod[], b: readonly PaymentMethod[]): boolean {
  const sorted = (methods: readonly PaymentMethod[]): string =>
    JSON.stringify(methods.map(({ method, feeCents }) => `${method} ${feeCents}`).toSorted())
  return sorted(a) === sorted(b)
}
