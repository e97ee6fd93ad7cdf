import type { Attempt } from '#chaos/contracts/history.ts'

import type { ShopOperation } from '../operation.ts'
import type { ShopFacts } from './shop-facts.ts'

/** A success response, and what is known about its request. */
export interface Response {
  readonly operation: ShopOperation
  readonly attempt: Attempt
  readonly body: Readonly<Record<string, unknown>>
  /** When the first request of this operation began. With an idempotency key: the first request with that key. */
  readonly firstMs: number
  readonly facts: ShopFacts
}

/** What a response should have claimed, and what it claims. */
export interface FalseClaim {
  readonly expected: string
  readonly actual: string
}

/** One statement that the shop makes in its responses. Undefined: it is true, or cannot be judged. */
export type Claim = (response: Response) => FalseClaim | undefined

/** The field of the response must be what the client requested. */
export function sameAsRequested(field: 'sku' | 'quantity' | 'key'): Claim {
  return ({ operation, body }) => {
    const requested = operation[field]
    return body[field] === requested
      ? undefined
      : { expected: `${field} ${show(requested)}, as requested`, actual: show(body[field]) }
  }
}

/** The value must be one of those that were true at that time. */
export function oneOf(
  what: string,
  value: unknown,
  allowed: readonly unknown[],
): FalseClaim | undefined {
  if (allowed.includes(value)) return undefined
  const values = [...new Set(allowed)].map((one) => show(one))
  return {
    expected: values.length === 0 ? `no ${what}` : `${what} ${values.join(' or ')}`,
    actual: `${what} ${show(value)}`,
  }
}

const charactersMax = 60

/** A value of a response in a sentence. */
export function show(value: unknown): string {
  if (value === undefined) return 'nothing'
  const text = typeof value === 'string' ? value : JSON.stringify(value)
  return text.length <= charactersMax ? text : `${text.slice(0, charactersMax)} ...`
}
