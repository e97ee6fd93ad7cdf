import type { StoryLine } from '#chaos/contracts/check.ts'
import { duplicateTag } from '#chaos/contracts/history.ts'
import type { Attempt, Operation } from '#chaos/contracts/history.ts'
import type { OperationDefinition } from '#chaos/contracts/system.ts'

import type { CheckedSystem } from '../lib/checked-system.ts'
import { definitionOf } from '../lib/describe-operation.ts'
import { formatCount, formatMs } from '../lib/format.ts'

/** What the client sends and receives, attempt by attempt. */
export function clientLines(operation: Operation, { operations }: CheckedSystem): StoryLine[] {
  const known = definitionOf(operations, operation.kind)
  const lines = operation.attempts.flatMap((attempt, i): StoryLine[] => [
    { ms: attempt.startMs, who: 'client', text: sends(operation, attempt, i, known) },
    { ms: attempt.endMs, who: 'client', text: receives(operation, attempt, known) },
  ])
  const last = operation.attempts.at(-1)
  if (operation.outcome === 'ok' || last === undefined || isFinal(last)) return lines
  const text =
    operation.outcome === 'unknown'
      ? `gives up after ${formatCount(operation.attempts.length, 'attempt')}; the result stays unknown`
      : `gives up after ${formatMs(operation.endMs - operation.startMs)}`
  return [...lines, { ms: operation.endMs, who: 'client', text }]
}

function sends(
  operation: Operation,
  { instance }: Attempt,
  index: number,
  known: OperationDefinition,
): string {
  const { noun, changes } = known
  const what = known.describe?.(operation) ?? nameOf(operation, known)
  if (changes !== true) return `requests ${what} from ${instance}${index > 0 ? ' again' : ''}`
  if (index > 0) return `sends the ${noun} again, with the same key, to ${instance}`
  const twice = operation.tags.includes(duplicateTag) ? ', as one of two simultaneous requests' : ''
  return `sends ${what} to ${instance}${twice}`
}

/** `order o-7f-000017`, or `order #17` without a key. */
function nameOf({ key, id }: Operation, { noun }: OperationDefinition): string {
  return `${noun} ${key ?? `#${id}`}`
}

function receives(operation: Operation, attempt: Attempt, known: OperationDefinition): string {
  const { noun, changes } = known
  const doubt = changes === true ? `; the ${noun} may or may not exist` : ''
  const { instance, status } = attempt
  if (status === undefined) return receivesNothing(attempt, doubt)
  const code = attempt.code === undefined ? '' : ` ${attempt.code}`
  if (status >= 400) {
    const text = `receives ${status}${code} after ${latency(attempt)}`
    if (changes !== true) return text
    return isFinal(attempt) ? `${text}: a definite refusal` : `${text}${doubt}`
  }
  if (changes !== true) return `receives ${status} after ${latency(attempt)}`
  const result =
    known.describeResult?.(operation) ??
    `${nameOf(operation, known)} is ${operation.answer ?? 'accepted'}`
  return `receives ${status} from ${instance}: ${result} (acknowledged)`
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
