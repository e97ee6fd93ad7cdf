import type { Attempt, Operation } from '#chaos/contracts/history.ts'

import type { DueOperation } from './operation-to-do.ts'

type Told = Pick<
  Operation,
  'id' | 'kind' | 'key' | 'orderId' | 'sku' | 'quantity' | 'amountCents' | 'answer'
>

/** What the client asked for and what the last answer told it, in the history's words. */
export function readResponse(
  todo: DueOperation,
  attempts: readonly Attempt[],
  answers: readonly unknown[],
): Told {
  const { planned, number } = todo
  const last = attempts.at(-1)
  const body = (answers.at(-1) ?? {}) as Record<string, unknown>
  const { orderId, amountCents } = body
  const acknowledged = last?.status !== undefined && last.status < 400
  const id = typeof orderId === 'string' && acknowledged ? orderId : todo.orderId
  const answer = acknowledged ? wordOf(planned.kind, body) : (last?.code ?? last?.error)
  return {
    id: number,
    kind: planned.kind,
    ...(planned.key === undefined ? {} : { key: planned.key }),
    ...(id === undefined ? {} : { orderId: id }),
    ...(planned.kind === 'read-order' ? {} : { sku: planned.sku }),
    ...(planned.kind === 'place-order' || planned.kind === 'quote'
      ? { quantity: planned.quantity }
      : {}),
    ...(acknowledged && typeof amountCents === 'number' ? { amountCents } : {}),
    ...(answer === undefined ? {} : { answer }),
  }
}

/** A yes in one word: the order's status; or whether a quote has all that payments could tell. */
function wordOf(
  kind: Operation['kind'],
  { status, complete }: Record<string, unknown>,
): string | undefined {
  if (kind === 'quote') return complete === true ? 'complete' : 'incomplete'
  return typeof status === 'string' ? status : undefined
}
