import type { Truth } from '../contracts/truth.ts'

/** Payments' own books, from payments itself. */
export type BooksTruth = Pick<Truth, 'charges' | 'chargeRequests'>

/** Asks payments directly, past all links. Throws when it does not answer in time or with something else. */
export async function readBooks(
  paymentsUrl: string,
  timeoutMs: number,
  signal?: AbortSignal,
): Promise<BooksTruth> {
  const timeout = AbortSignal.timeout(timeoutMs)
  const response = await fetch(new URL('/books', paymentsUrl), {
    signal: signal === undefined ? timeout : AbortSignal.any([timeout, signal]),
  })
  if (!response.ok) throw new Error(`payments answered GET /books with ${response.status}`)
  const { charges, chargeRequests } = (await response.json()) as Partial<BooksTruth>
  if (!Array.isArray(charges) || !Array.isArray(chargeRequests))
    throw new Error('payments answered GET /books with something that is no book')
  return { charges, chargeRequests }
}
