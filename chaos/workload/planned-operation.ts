import type { OperationKind } from '#chaos/contracts/history.ts'

/** One arrival, planned before the load starts. The same seed plans the same load. */
export interface PlannedOperation {
  readonly kind: OperationKind
  /** Milliseconds after the load starts. */
  readonly atMs: number
  readonly sku: string
  readonly quantity: number
  readonly customer: string
  /** Idempotency-Key of a place-order. */
  readonly key?: string
  /** For read-order: picks one of the orders that are known by then. 0 to 1. */
  readonly draw: number
  readonly tags: readonly string[]
  /** The text for the parcel's label. */
  readonly note?: string
  /** The texts to engrave, for a huge order. */
  readonly lines?: readonly string[]
}

/** A planned operation at the moment it starts. */
export interface DueOperation {
  /** Number in the run, from 1. */
  readonly number: number
  readonly planned: PlannedOperation
  /** The order that a read-order requests. */
  readonly orderId?: string
  readonly browseUncached: boolean
}
