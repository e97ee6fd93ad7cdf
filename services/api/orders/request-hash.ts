import { createHash } from 'node:crypto'

import type { OrderRequest } from './order.ts'

/** The same for the same order, whatever the order of the fields in the request was. */
export function requestHash({ sku, quantity, customer, note, lines }: OrderRequest): string {
  return createHash('sha256')
    .update(JSON.stringify([sku, quantity, customer, note, lines]))
    .digest('hex')
}
