import type { Truth } from '#chaos/contracts/truth.ts'
import { abortWith } from '#chaos/lib/abort-with.ts'

/** Payments' own books, from payments itself. */
export type BooksTruth = Pick<Truth, 'charges' | 'chargeRequests'>

/** Asks payments directly, past all links. Throws when it does not answer in time or with something else. */
export async function readBooks(
  paymentsUrl: string,
  timeoutMs: number,
  signal?: AbortSignal,
): Promise<BooksTruth> {
  const { charges, chargeRequests } = await ask<BooksTruth>('/books', {
    paymentsUrl,
    timeoutMs,
    signal,
  })
  if (!Array.isArray(charges) || !Array.isArray(chargeRequests))
    throw new Error('payments answered GET /books with something that is no book')
  return { charges, chargeRequests }
}

/** How many charges were captured, without reading them all: this is asked every second, for hours. */
export async function countBooks(
  paymentsUrl: string,
  timeoutMs: number,
  signal?: AbortSignal,
): Promise<{ readonly charged: number }> {
  const { captured } = await ask<{ captured: number }>('/books/counts', {
    paymentsUrl,
    timeoutMs,
    signal,
  })
  if (!Number.isSafeInteger(captured))
    throw new Error('payments answered GET /books/counts with something that is no count')
  return { charged: Number(captured) }
}

async function ask<T extends object>(
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
  using asked = signal === undefined ? undefined : abortWith(signal)
  const response = await fetch(new URL(path, paymentsUrl), {
    signal: asked === undefined ? timeout : AbortSignal.any([timeout, asked.signal]),
  })
  if (!response.ok) throw new Error(`payments answered GET ${path} with ${response.status}`)
  return (await response.json()) as Partial<T>
}
