import type { Operation, OperationKind } from '#chaos/contracts/history.ts'
import type { OperationDefinition } from '#chaos/contracts/system.ts'

import { formatCount, formatMs } from './format.ts'

/** What the system says about a kind. A kind that it does not have is its own noun. */
export function definitionOf(
  operations: readonly OperationDefinition[],
  kind: OperationKind,
): OperationDefinition {
  return operations.find((known) => known.kind === kind) ?? { kind, noun: kind }
}

/** `browse request` for `browse`. */
export function operationNoun(
  operations: readonly OperationDefinition[],
  kind: OperationKind,
): string {
  return definitionOf(operations, kind).noun
}

/** `browse requests` for `browse`. */
export function operationNouns(
  operations: readonly OperationDefinition[],
  kind: OperationKind,
): string {
  return `${operationNoun(operations, kind)}s`
}

/** The id of an operation in a check result: `browse #117`. An order is identified by its key. */
export function operationName(operation: Operation): string {
  return operation.key ?? `${operation.kind} #${operation.id}`
}

/**
 * What the client received instead of the required result: `timeout after 3 attempts and 2.0 s`. For an operation that
 * succeeded: its answer.
 */
export function describeFailure(operation: Operation): string {
  if (operation.outcome === 'ok') return `the answer \`${operation.answer ?? 'none'}\``
  const tries = formatCount(operation.attempts.length, 'attempt')
  return `${reason(operation)} after ${tries} and ${formatMs(waitMs(operation))}`
}

/** Of the last attempt: `500 internal`, `timeout`. */
function reason({ attempts }: Operation): string {
  const last = attempts.at(-1)
  if (last?.status === undefined) return last?.error ?? 'no response'
  return last.code === undefined ? `status ${last.status}` : `${last.status} ${last.code}`
}

/** How long the client waited for it, retries included. */
export function waitMs(operation: Operation): number {
  return operation.endMs - operation.startMs
}
