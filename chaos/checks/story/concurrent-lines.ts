import type { Evidence, StoryLine } from '#chaos/contracts/check.ts'
import type { Operation } from '#chaos/contracts/history.ts'
import { percentile } from '#chaos/lib/percentile.ts'

import type { CheckedSystem } from '../lib/checked-system.ts'
import { operationNoun, operationNouns, waitMs } from '../lib/describe-operation.ts'
import { formatCount, formatMs } from '../lib/format.ts'

/** Requests that are in flight at the operation's first instance when the operation starts: it may queue behind them. */
export function inFlightLines(
  operation: Operation,
  evidence: Evidence,
  { operations }: CheckedSystem,
): StoryLine[] {
  const [first] = operation.attempts
  if (first === undefined) return []
  const inFlight = evidence.operations.filter(
    (other) =>
      other.id !== operation.id &&
      other.attempts.some(
        ({ instance, startMs, endMs }) =>
          instance === first.instance && startMs <= first.startMs && endMs > first.startMs,
      ),
  )
  if (inFlight.length === 0) return []
  const kinds = [...Map.groupBy(inFlight, ({ kind }) => kind)]
    .map(([kind, list]) => ({ kind, number: list.length }))
    .toSorted((a, b) => b.number - a.number)
    .map(({ kind, number }) => formatCount(number, operationNoun(operations, kind)))
  const text = `are in flight at ${first.instance} at this moment: ${kinds.join(', ')}`
  return [{ ms: first.startMs, who: 'others', text }]
}

/** How many operations of the same kind fail that start within half a second, and their latency. */
export function concurrentLine(
  operation: Operation,
  evidence: Evidence,
  { operations }: CheckedSystem,
): StoryLine {
  const { kind } = operation
  const around = evidence.operations.filter(
    (other) => other.kind === kind && Math.abs(other.startMs - operation.startMs) <= 500,
  )
  const failed = around.filter(({ outcome }) => outcome !== 'ok').length
  const steady = evidence.steadyOperations.filter((other) => other.kind === kind)
  const before = steady.length === 0 ? '' : ` (steady state ${medianText(steady)})`
  return {
    ms: operation.endMs,
    who: 'others',
    text: `${failed} of ${around.length} ${operationNouns(operations, kind)} within 0.5 s fail; median latency ${medianText(around)}${before}`,
  }
}

function medianText(operations: readonly Operation[]): string {
  return formatMs(
    percentile(
      operations.map((operation) => waitMs(operation)),
      0.5,
    ),
  )
}
