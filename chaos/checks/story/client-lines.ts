import type { StoryLine } from '#chaos/contracts/check.ts'
import type { Attempt, Operation } from '#chaos/contracts/history.ts'
import { formatCents } from '#chaos/shop/checks/lib/cents.ts'

import { formatCount, formatMs } from '../lib/format.ts'

/** What the client sends and receives, attempt by attempt. */
export function clientLines(operation: Operation): StoryLine[] {
  const lines = operation.attempts.flatMap((attempt, i): StoryLine[] => [
    { ms: attempt.startMs, who: 'client', text: sends(operation, attempt, i) },
    { ms: attempt.endMs, who: 'client', text: receives(operation, attempt) },
  ])
  const last = operation.attempts.at(-1)
  if (operation.outcome === 'ok' || last === undefined || isFinal(last)) return lines
  const text =
    operation.outcome === 'unknown'
      ? `gives up after ${formatCount(operation.attempts.length, 'attempt')}; the result stays unknown`
      : `gives up after ${formatMs(operation.endMs - operation.startMs)}`
  return [...lines, { ms: operation.endMs, who: 'client', text }]
}

function sends(operation: Operation, attempt: Attempt, index: number): string {
  const { instance } = attempt
  const product = `${operation.quantity ?? 1} x ${operation.sku ?? 'unknown product'}`
  switch (operation.kind) {
    case 'place-order': {
      if (index > 0) return `sends the order again, with the same key, to ${instance}`
      const twice = operation.tags.includes('duplicate')
        ? ', as one of two simultaneous requests'
        : ''
      return `sends order ${operation.key} (${product}) to ${instance}${twice}`
    }
    case 'browse':
      return `requests product ${operation.sku} from ${instance}${index > 0 ? ' again' : ''}`
    case 'quote':
      return `requests a quote for ${product} from ${instance}${index > 0 ? ' again' : ''}`
    case 'read-order':
      return `requests order ${operation.orderId} from ${instance}${index > 0 ? ' again' : ''}`
  }
}

function receives(operation: Operation, attempt: Attempt): string {
  const isOrder = operation.kind === 'place-order'
  const doubt = isOrder ? '; the order may or may not exist' : ''
  const { instance, status } = attempt
  if (status === undefined) return receivesNothing(attempt, doubt)
  const code = attempt.code === undefined ? '' : ` ${attempt.code}`
  if (status >= 400) {
    const text = `receives ${status}${code} after ${latency(attempt)}`
    if (!isOrder) return text
    return isFinal(attempt) ? `${text}: a definite refusal` : `${text}${doubt}`
  }
  if (!isOrder) return `receives ${status} after ${latency(attempt)}`
  const amount =
    operation.amountCents === undefined ? '' : `, amount ${formatCents(operation.amountCents)}`
  return `receives ${status} from ${instance}: order ${operation.orderId ?? operation.key} is ${operation.answer ?? 'accepted'}${amount} (acknowledged)`
}

function receivesNothing(attempt: Attempt, doubt: string): string {
  const { instance, error = 'no response' } = attempt
  const timedOut = error === 'timeout'
  if (attempt.sent === false)
    return timedOut
      ? `cannot connect to ${instance} within ${latency(attempt)}; it sends nothing`
      : `cannot connect to ${instance} (${error}); it sends nothing`
  return timedOut
    ? `times out after ${latency(attempt)} without a response from ${instance}${doubt}`
    : `loses the connection to ${instance} (${error}) before the response${doubt}`
}

/** Whether the result is known: a success, or a definite refusal. A 4xx without the API's flag is definite, a 5xx is not. */
function isFinal({ status, definite }: Attempt): boolean {
  return status !== undefined && (status < 400 || (definite ?? status < 500))
}

function latency({ startMs, endMs }: Attempt): string {
  return formatMs(endMs - startMs)
}
