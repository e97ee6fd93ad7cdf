import type { StoryLine } from '#chaos/contracts/check.ts'
import type { Attempt, Operation } from '#chaos/contracts/history.ts'

import { formatCents } from '../lib/cents.ts'
import { formatMs } from '../lib/format.ts'

/** What the client did and saw, attempt by attempt. */
export function clientLines(operation: Operation): StoryLine[] {
  const lines = operation.attempts.flatMap((attempt, i): StoryLine[] => [
    { ms: attempt.startMs, who: 'client', text: sends(operation, attempt, i) },
    { ms: attempt.endMs, who: 'client', text: sees(operation, attempt) },
  ])
  const last = operation.attempts.at(-1)
  if (operation.outcome === 'ok' || last === undefined || settles(last)) return lines
  const tried = operation.attempts.length
  const text =
    operation.outcome === 'unknown'
      ? `gives up after ${tried === 1 ? 'one attempt' : `${tried} attempts`}, and will never know`
      : `gives up after ${formatMs(operation.endMs - operation.startMs)}`
  return [...lines, { ms: operation.endMs, who: 'client', text }]
}

function sends(operation: Operation, attempt: Attempt, index: number): string {
  if (index > 0)
    return operation.kind === 'place-order'
      ? `tries again with the same key at ${attempt.instance}`
      : `tries again at ${attempt.instance}`
  const product = `${operation.quantity ?? 1} x ${operation.sku ?? 'something'}`
  switch (operation.kind) {
    case 'place-order': {
      const twice = operation.tags.includes('duplicate') ? ', one of two at once' : ''
      return `sends order ${operation.key} (${product}) to ${attempt.instance}${twice}`
    }
    case 'browse':
      return `asks ${attempt.instance} for the product ${operation.sku}`
    case 'quote':
      return `asks ${attempt.instance} for a quote (${product})`
    case 'read-order':
      return `asks ${attempt.instance} for order ${operation.orderId}`
  }
}

function sees(operation: Operation, attempt: Attempt): string {
  const order = operation.kind === 'place-order'
  const { instance, status } = attempt
  if (status === undefined) {
    const why = attempt.error ?? 'no answer'
    if (attempt.sent === false)
      return why === 'timeout'
        ? `gets no connection to ${instance} in ${took(attempt)}: nothing was sent`
        : `cannot reach ${instance} (${why}): nothing was sent`
    const doubt = order ? ': the order may exist or not' : ''
    return why === 'timeout'
      ? `waits ${took(attempt)} for ${instance}, then stops waiting${doubt}`
      : `loses the connection to ${instance} (${why}) before any answer${doubt}`
  }
  const code = attempt.code === undefined ? '' : ` ${attempt.code}`
  if (status >= 400) {
    if (!order) return `is told ${status}${code} after ${took(attempt)}`
    if (attempt.definite === true) return `is told ${status}${code}: it surely did not happen`
    return `is told ${status}${code}, which promises nothing`
  }
  if (!order) return `is answered ${status} after ${took(attempt)}`
  const amount =
    operation.amountCents === undefined ? '' : `, ${formatCents(operation.amountCents)}`
  return `is told ${status} by ${instance}: order ${operation.orderId ?? operation.key} is ${operation.answer ?? 'accepted'}${amount}. Acknowledged`
}

/** A yes or a promised no needs no further word. */
function settles(attempt: Attempt): boolean {
  return attempt.status !== undefined && (attempt.status < 400 || attempt.definite === true)
}

function took(attempt: Attempt): string {
  return formatMs(attempt.endMs - attempt.startMs)
}
