import { createHash } from 'node:crypto'

import type { OrderRequest } from './order.ts'

/** The same hash for the same order, in whatever sequence the request lists its fields. */
export function requestHash({ sku, quantity, customer, note, lines }: OrderRequest): string {
  return createHash('sha256')
    .update(JSON.stringify([sku, quantity, customer, note, lines]))
    .digest('hex')
}
