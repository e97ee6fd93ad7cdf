import type { SweptExchanges } from '#chaos/contracts/lab.ts'
import type { Flow } from '#chaos/contracts/system/flow.ts'
import { wildcardPattern } from '#chaos/lib/wildcard-pattern.ts'

import type { FlowStep } from '../matrix.ts'
import { columnNamed, type ColumnId, type MatrixColumn } from '../planning/columns.ts'
import { prunedBy } from '../planning/prune.ts'
import { inapplicable } from '../planning/trap-at.ts'

/** One message of the judged code with one fault. */
export interface SweptCase {
  readonly step: FlowStep
  readonly column: MatrixColumn
  /** Number of cases that this one decides: itself, and those with the same effect. */
  readonly decides: number
}

export interface LabSweepPlan {
  readonly messages: readonly FlowStep[]
  /** Number of different faults. */
  readonly faults: number
  /** The cases to run, the most revealing first. */
  readonly cases: readonly SweptCase[]
}

/** The faults of a sweep. Among the cases of similar messages, they come in this sequence. */
const faultsAtWrites = [
  'caller-dies-after',
  'caller-dies-before',
  'reply-cut',
  'reply-late',
] as const satisfies readonly ColumnId[]
/** A process that dies in a read leaves nothing behind. */
const faultsAtReads = [
  'reply-cut',
  'request-silent',
  'reply-late',
] as const satisfies readonly ColumnId[]

/** Plans a sweep: the exchanges of the baseline that belong to the judged code, and the faults at each. */
export function planLabSweep(
  steps: readonly FlowStep[],
  { flow, exchanges }: { readonly flow: Flow; readonly exchanges: readonly SweptExchanges[] },
): LabSweepPlan {
  const faults = flow.readOnly === true ? faultsAtReads : faultsAtWrites
  const messages = steps.filter((step) => exchanges.some((own) => belongs(step, own, steps)))
  const all = [...faults].flatMap((id) => {
    const column = columnNamed(id)
    return column === undefined
      ? []
      : messages
          .filter((step) => inapplicable(step, column) === undefined)
          .map((step) => ({ step, column }))
  })
  const bySignificance = all.toSorted((a, b) => tierOf(a.step, steps) - tierOf(b.step, steps))
  const groups = Map.groupBy(bySignificance, ({ step, column }) =>
    representativeOf(step, column, steps),
  )
  // A group whose representative is not a message of this code, or has another fault, is
  // represented by its most revealing case.
  const cases = [...groups].flatMap(([id, group]): SweptCase[] => {
    const one = group.find((other) => idOf(other.step, other.column) === id) ?? group[0]
    return one === undefined ? [] : [{ ...one, decides: group.length }]
  })
  return { messages, faults: faults.length, cases }
}

function belongs(
  step: FlowStep,
  { link, after, before, except = [], firstAttempt }: SweptExchanges,
  steps: readonly FlowStep[],
): boolean {
  if (step.link !== link || (firstAttempt === true && isRetried(step, steps))) return false
  const matches = (pattern: string, { signature }: FlowStep): boolean =>
    wildcardPattern(pattern, { ignoreCase: true }).test(signature)
  if (except.some((pattern) => matches(pattern, step))) return false
  const orderOf = (pattern: string): number | undefined =>
    steps.find((other) => matches(pattern, other))?.order
  if (before !== undefined && step.order >= (orderOf(before) ?? Number.POSITIVE_INFINITY))
    return false
  return after === undefined || step.order > (orderOf(after) ?? Number.POSITIVE_INFINITY)
}

/** Whether the client's second request causes the message. */
function isRetried({ order, caller }: FlowStep, steps: readonly FlowStep[]): boolean {
  const [, second] = steps.filter((step) => step.caller === 'client')
  return second !== undefined && order > second.order && caller === second.callee
}

const closing = /^(COMMIT|ROLLBACK)$/

/**
 * How much a fault at this message reveals; 0 is most. A write that takes effect at once, such as
 * COMMIT, comes before a write inside a transaction, and a write before a read. What the client's
 * second attempt causes comes last: the first attempt sends the same messages.
 */
function tierOf(step: FlowStep, steps: readonly FlowStep[]): number {
  const own = step.write && (closing.test(step.signature) || !inTransaction(step, steps))
  const tier = own ? 0 : step.write ? 1 : 2
  return isRetried(step, steps) ? tier + 3 : tier
}

function inTransaction(step: FlowStep, steps: readonly FlowStep[]): boolean {
  const before = steps.filter(
    ({ connection, order }) => connection === step.connection && order <= step.order,
  )
  const begin = before.findLastIndex(({ signature }) => signature === 'BEGIN')
  return begin > before.findLastIndex(({ signature }) => closing.test(signature))
}

/** The case that has the same effect, found by the X-ray's rules, perhaps in several steps. */
function representativeOf(
  step: FlowStep,
  column: MatrixColumn,
  steps: readonly FlowStep[],
): string {
  const sameAs = prunedBy(step, column, steps)?.sameAs ?? idOf(step, column)
  const [stepId = '', columnId = ''] = sameAs.split('/')
  const next = steps.find(({ id }) => id === stepId)
  const nextColumn = columnNamed(columnId)
  if (next === undefined || nextColumn === undefined) return sameAs
  if (next === step && nextColumn === column) return sameAs
  return representativeOf(next, nextColumn, steps)
}

function idOf(step: FlowStep, column: MatrixColumn): string {
  return `${step.id}/${column.id}`
}
