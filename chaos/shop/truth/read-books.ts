import { abortWith } from '#chaos/lib/signals/abort-with.ts'

import type { ShopCounters, Truth } from './truth.ts'

/** Payments' own books. */
export type BooksTruth = Pick<Truth, 'charges' | 'chargeRequests' | 'paymentEvents'>

/** The response of payments. It has no events if payments does not call back. */
type Books = Pick<Truth, 'charges' | 'chargeRequests'> & {
  readonly events?: Truth['paymentEvents']
}

/** Reads the books from payments directly. Throws if payments does not respond in time, or not with books. */
export async function readBooks(
  paymentsUrl: string,
  timeoutMs: number,
  signal?: AbortSignal,
): Promise<BooksTruth> {
  const {
    charges,
    chargeRequests,
    events = [],
  } = await getJson<Books>('/books', { paymentsUrl, timeoutMs, signal })
  if (!Array.isArray(charges) || !Array.isArray(chargeRequests))
    throw new Error('the response of payments to GET /books has no charges or no chargeRequests')
  return { charges, chargeRequests, paymentEvents: events }
}

/** What payments offers for each of these amounts. Reading it takes none of payments' capacity. */
export async function readPaymentMethods(
  paymentsUrl: string,
  amountsCents: readonly number[],
  timeoutMs: number,
  signal?: AbortSignal,
): Promise<Truth['paymentMethods']> {
  const amounts = [...new Set(amountsCents)].toSorted((a, b) => a - b)
  if (amounts.length === 0) return {}
  const { methods } = await getJson<{ methods: Truth['paymentMethods'] }>(
    `/books/payment-methods?amountsCents=${amounts.join(',')}`,
    { paymentsUrl, timeoutMs, signal },
  )
  if (typeof methods !== 'object' || methods === null)
    throw new Error('the response of payments to GET /books/payment-methods has no methods')
  return methods
}

/** The figures of payments. */
export type BooksCounters = Pick<ShopCounters, 'charged'> & {
  /** Events that happened or are planned. */
  readonly events: number
}

/** The numbers of captured charges and of events. Cheap, because the sandbox requests it every second for hours. */
export async function countBooks(
  paymentsUrl: string,
  timeoutMs: number,
  signal?: AbortSignal,
): Promise<BooksCounters> {
  const { captured, events = 0 } = await getJson<{ captured: number; events?: number }>(
    '/books/counts',
    { paymentsUrl, timeoutMs, signal },
  )
  if (!Number.isSafeInteger(captured))
    throw new Error('the response of payments to GET /books/counts has no number `captured`')
  return { charged: Number(captured), events }
}

async function getJson<T extends object>(
  path: string,
  {
    paymentsUrl,
    timeoutMs,
    signal,
  }: {
    readonly paymentsUrl: string
    readonly timeoutMs: number
    readonly signal: AbortSignal | undefined
  },
): Promise<Partial<T>> {
  const timeout = AbortSignal.timeout(timeoutMs)
  using linked = signal === undefined ? undefined : abortWith(signal)
  const response = await fetch(new URL(path, paymentsUrl), {
    signal: linked === undefined ? timeout : AbortSignal.any([timeout, linked.signal]),
  })
  if (!response.ok) throw new Error(`payments responded to GET ${path} with ${response.status}`)
  return (await response.json()) as Partial<T>
}
