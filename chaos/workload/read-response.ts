import type { Attempt, Operation } from '#chaos/contracts/history.ts'

import type { DueOperation } from './planned-operation.ts'

type Received = Pick<
  Operation,
  | 'id'
  | 'kind'
  | 'key'
  | 'orderId'
  | 'sku'
  | 'quantity'
  | 'customer'
  | 'fresh'
  | 'amountCents'
  | 'answer'
>

/** What the client requested, and what it learned from its last response, as fields of the history. */
export function readResponse(
  due: DueOperation,
  attempts: readonly Attempt[],
  bodies: readonly unknown[],
): Received {
  const { planned, number } = due
  const last = attempts.at(-1)
  const body = (bodies.at(-1) ?? {}) as Record<string, unknown>
  const { orderId, amountCents } = body
  const acknowledged = last?.status !== undefined && last.status < 400
  const id = typeof orderId === 'string' && acknowledged ? orderId : due.orderId
  const answer = acknowledged ? answerOf(planned.kind, body) : (last?.code ?? last?.error)
  return {
    id: number,
    kind: planned.kind,
    ...(planned.key === undefined ? {} : { key: planned.key }),
    ...(id === undefined ? {} : { orderId: id }),
    ...(planned.kind === 'read-order' ? {} : { sku: planned.sku }),
    ...(planned.kind === 'place-order' || planned.kind === 'quote'
      ? { quantity: planned.quantity }
      : {}),
    ...(planned.kind === 'place-order' ? { customer: planned.customer } : {}),
    ...(planned.kind === 'browse' && due.browseUncached ? { fresh: true } : {}),
    ...(acknowledged && typeof amountCents === 'number' ? { amountCents } : {}),
    ...(answer === undefined ? {} : { answer }),
  }
}

/** A success in one word: the status of the order, or whether the quote has its data from payments. */
function answerOf(
  kind: Operation['kind'],
  { status, complete }: Record<string, unknown>,
): string | undefined {
  if (kind === 'quote') return complete === true ? 'complete' : 'incomplete'
  return typeof status === 'string' ? status : undefined
}
