import type { Attempt } from '#chaos/contracts/history.ts'

import type { ShopOperation, ShopOperationKind } from '../operation.ts'
import type { ShopDue } from './planned.ts'

/** What the client requested, and what it learned from its last response, as fields of the history. */
export function readResponse(
  due: ShopDue,
  last: Attempt | undefined,
  response: unknown,
  received: string | undefined,
): Partial<ShopOperation> {
  const { planned } = due
  const body = (response ?? {}) as Record<string, unknown>
  const { orderId, amountCents } = body
  const acknowledged = last?.status !== undefined && last.status < 400
  const position = due.position ?? received
  const id = typeof orderId === 'string' && acknowledged ? orderId : due.orderId
  const answer = acknowledged ? answerOf(planned.kind, body) : (last?.code ?? last?.error)
  return {
    ...(id === undefined ? {} : { orderId: id }),
    ...(planned.kind === 'read-order' ? {} : { sku: planned.sku }),
    ...(planned.kind === 'place-order' || planned.kind === 'quote'
      ? { quantity: planned.quantity }
      : {}),
    ...(planned.kind === 'place-order' ? { customer: planned.customer } : {}),
    ...(planned.kind === 'read-order' && position !== undefined ? { position } : {}),
    ...(planned.kind === 'browse' && due.browseUncached ? { fresh: true } : {}),
    ...(acknowledged && typeof amountCents === 'number' ? { amountCents } : {}),
    ...(answer === undefined ? {} : { answer }),
  }
}

/** A success in one word: the status of the order, or whether the quote has its data from payments. */
function answerOf(
  kind: ShopOperationKind,
  { status, complete }: Record<string, unknown>,
): string | undefined {
  if (kind === 'quote') return complete === true ? 'complete' : 'incomplete'
  return typeof status === 'string' ? status : undefined
}
