import type { Operation } from '#chaos/contracts/history.ts'

export type ShopOperationKind = 'place-order' | 'browse' | 'quote' | 'read-order'

/**
 * One operation of a client of the shop. Its tags: `hot`, `poison`, `huge`, `suspicious`, `duplicate`, `other-body`, `warm-up`,
 * or a `RefusedTag`. Its answer: the API's error code, the status of the order, or `complete` or `incomplete` of a quote.
 */
export interface ShopOperation extends Operation {
  readonly kind: ShopOperationKind
  /** As requested. */
  readonly sku?: string
  readonly quantity?: number
  readonly customer?: string
  /** For a read: the `x-position` that the client sent; if it had none, the one that it received. Absent without a replica. */
  readonly position?: string
  /** The browse request skips the cache. */
  readonly fresh?: true
  readonly amountCents?: number
}
