import type { ClientRequest } from '#chaos/contracts/system/workload.ts'

import type { ShopDue } from './planned.ts'

/** A response about an order has this header, and the client sends it with its next request about that order. */
export const positionHeader = 'x-position'

/** The HTTP request of an operation. Only this file contains the requests of the shop's API. */
export function buildRequest(due: ShopDue): ClientRequest {
  const { planned } = due
  const sku = encodeURIComponent(planned.sku)
  switch (planned.kind) {
    case 'place-order':
      return post('/orders', orderBody(planned), { 'idempotency-key': planned.key ?? '' })
    case 'browse':
      return get(`/products/${sku}${due.browseUncached ? '?fresh=1' : ''}`)
    case 'quote':
      return post('/quotes', { sku: planned.sku, quantity: planned.quantity })
    case 'read-order':
      return get(
        `/orders/${encodeURIComponent(due.orderId ?? '')}`,
        due.position === undefined ? {} : { [positionHeader]: due.position },
      )
  }
}

function orderBody(planned: ShopDue['planned']): Record<string, unknown> {
  const { sku, quantity, customer, note, lines } = planned
  return {
    sku,
    quantity,
    customer,
    ...(note === undefined ? {} : { note }),
    ...(lines === undefined ? {} : { lines }),
  }
}

function get(path: string, headers: Record<string, string> = {}): ClientRequest {
  return { method: 'GET', path, headers: { accept: 'application/json', ...headers } }
}

function post(
  path: string,
  body: Record<string, unknown>,
  headers: Record<string, string> = {},
): ClientRequest {
  return {
    method: 'POST',
    path,
    headers: { accept: 'application/json', 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body),
  }
}
