import type { PlannedOperation } from '#chaos/contracts/system/workload.ts'

import type { ShopOperationKind } from '../operation.ts'

/** One arrival at the shop. */
export interface ShopPlanned extends PlannedOperation {
  readonly kind: ShopOperationKind
  readonly sku: string
  readonly quantity: number
  readonly customer: string
  /** For read-order: picks one of the orders that are known by then. 0 to 1. */
  readonly draw: number
  /** The text for the parcel's label. */
  readonly note?: string
  /** The texts to engrave, for a huge order. */
  readonly lines?: readonly string[]
}

/** A planned operation at the moment it starts. */
export interface ShopDue {
  readonly planned: ShopPlanned
  /** The order that a read-order requests. */
  readonly orderId?: string
  /** What the client received with its last response about this order. */
  readonly position?: string
  readonly browseUncached: boolean
}
