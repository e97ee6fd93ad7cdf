import type { Evidence, StoryLine } from '#chaos/contracts/check.ts'
import type { Operation } from '#chaos/contracts/history.ts'
import { percentile } from '#chaos/lib/percentile.ts'

import { waitMs } from '../lib/describe-operation.ts'
import { count, milliseconds } from '../lib/format-figures.ts'

/** What else the same instance was asked for at the moment that the operation began: who stood before it in the queue. */
export function companyLine(operation: Operation, evidence: Evidence): StoryLine[] {
  const [first] = operation.attempts
  if (first === undefined) return []
  const company = evidence.operations.filter(
    (other) =>
      other.id !== operation.id &&
      other.attempts.some(
        ({ instance, startMs, endMs }) =>
          instance === first.instance && startMs <= first.startMs && endMs > first.startMs,
      ),
  )
  if (company.length === 0) return []
  const kinds = [...Map.groupBy(company, ({ kind }) => kind)]
    .map(([kind, list]) => ({ kind, number: list.length }))
    .toSorted((a, b) => b.number - a.number)
    .map(({ kind, number }) => `${number} ${kind}`)
  const text = `under way at ${first.instance} by then, and not answered yet: ${kinds.join(', ')}`
  return [{ ms: first.startMs, who: 'others', text }]
}

/** Whether it was alone: how others of its kind fared that began within half a second of it. */
export function crowdLine(operation: Operation, evidence: Evidence): StoryLine {
  const { kind } = operation
  const around = evidence.operations.filter(
    (other) => other.kind === kind && Math.abs(other.startMs - operation.startMs) <= 500,
  )
  const failed = around.filter(({ outcome }) => outcome !== 'ok').length
  const median = percentile(
    around.map((other) => waitMs(other)),
    0.5,
  )
  const steady = evidence.steadyOperations.filter((other) => other.kind === kind)
  const before =
    steady.length === 0
      ? ''
      : `; in the steady state it was ${milliseconds(
          percentile(
            steady.map((other) => waitMs(other)),
            0.5,
          ),
        )}`
  return {
    ms: operation.endMs,
    who: 'others',
    text: `${failed} of ${count(around.length, kind, kind)} within half a second of it did not succeed; their median wait was ${milliseconds(median)}${before}`,
  }
}
