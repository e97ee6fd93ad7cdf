import type { Operation } from '#chaos/contracts/history.ts'

import { count, milliseconds } from './format-figures.ts'

/** The id under which an operation is reported: `browse #117`; an order goes by its key. */
export function operationName(operation: Operation): string {
  return operation.key ?? `${operation.kind} #${operation.id}`
}

/** Why an operation did not succeed, as the client saw it: `timeout after 3 attempts and 2.0 s`. */
export function describeFailure(operation: Operation): string {
  if (operation.outcome === 'ok') return `answered ${operation.answer ?? 'with a yes'}`
  const last = operation.attempts.at(-1)
  const why =
    last?.code ?? last?.error ?? (last?.status === undefined ? 'no answer' : `HTTP ${last.status}`)
  const tries = count(operation.attempts.length, 'attempt')
  return `${why} after ${tries} and ${milliseconds(waitMs(operation))}`
}

/** How long the client waited for it, retries included. */
export function waitMs(operation: Operation): number {
  return operation.endMs - operation.startMs
}
