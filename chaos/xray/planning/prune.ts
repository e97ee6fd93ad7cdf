import type { FlowStep } from '../matrix.ts'
import type { MatrixColumn } from './columns.ts'

/** Why a cell need not run: another cell represents it. */
export interface Pruned {
  /** Id of the cell that represents this one. */
  readonly sameAs: string
  readonly rule: string
}

const closing = /^(COMMIT|ROLLBACK)$/

/**
 * The cell that represents this one, or undefined when this cell must run.
 *
 * - E1: the caller sends nothing between the reply of one exchange and the request of the next one on its connection. Its
 *   death right after the first exchange has the same effect as its death right before the second.
 * - E2: an exchange changes nothing. A lost reply has the same effect as a lost request, and the death of an end after the
 *   exchange has the same effect as its death before it.
 * - E3: inside a database transaction nothing takes effect before COMMIT. A fault that ends the connection has the same effect
 *   as at the first statement, or at the first statement after the last write of the same caller on another connection,
 *   which a ROLLBACK does not revert. For COMMIT itself this holds only for the death of the caller before it: a living
 *   caller that does not receive the reply cannot tell whether the COMMIT was executed.
 */
export function prunedBy(
  step: FlowStep,
  column: MatrixColumn,
  steps: readonly FlowStep[],
): Pruned | undefined {
  return (
    gap(step, column, steps) ??
    effectFree(step, column) ??
    transaction(step, column, steps) ??
    harmlessDeath(step, column, steps)
  )
}

function gap(step: FlowStep, column: MatrixColumn, steps: readonly FlowStep[]): Pruned | undefined {
  if (column.id !== 'caller-dies-after' || step.caller === 'client') return undefined
  const next = steps.find(({ order }) => order === step.order + 1)
  if (next === undefined || next.connection !== step.connection) return undefined
  return {
    sameAs: `${next.id}/caller-dies-before`,
    rule: `E1: the ${step.caller} sends ${next.signature} next and nothing in between`,
  }
}

function effectFree(step: FlowStep, column: MatrixColumn): Pruned | undefined {
  if (step.write || step.matchedBy === 'reply') return undefined
  const twin = { 'reply-cut': 'request-cut', 'reply-silent': 'request-silent' }[column.id as string]
  const dies = { 'callee-dies-after': 'callee-dies-before' }[column.id as string]
  const other = twin ?? dies
  if (other === undefined) return undefined
  return {
    sameAs: `${step.id}/${other}`,
    rule: `E2: ${step.signature} changes nothing, so losing its request or its reply has the same effect`,
  }
}

function harmlessDeath(
  step: FlowStep,
  column: MatrixColumn,
  steps: readonly FlowStep[],
): Pruned | undefined {
  if (column.id !== 'caller-dies-before' || step.caller === 'client') return undefined
  if (step.write || step.matchedBy === 'reply') return undefined
  // This step represents the rest of its transaction, so it must not be represented by a step of
  // that transaction.
  if (firstOfTransaction(step, steps) !== undefined) return undefined
  return {
    sameAs: `${step.id}/caller-dies-after`,
    rule: `E2: ${step.signature} changes nothing, so the death of the ${step.caller} before or after it has the same effect`,
  }
}

function transaction(
  step: FlowStep,
  column: MatrixColumn,
  steps: readonly FlowStep[],
): Pruned | undefined {
  if (step.protocol !== 'postgres') return undefined
  if (closing.test(step.signature) && column.id !== 'caller-dies-before') return undefined
  if (column.act === 'late' || column.act === 'silence') return undefined
  const first = firstOfTransaction(step, steps)
  if (first === undefined || first === step) return undefined
  return {
    sameAs: `${first.id}/${column.id}`,
    rule: `E3: nothing of the transaction takes effect before its COMMIT, so the fault has the same effect as at ${first.signature}`,
  }
}

/**
 * The step that represents this one in its database transaction: the first after BEGIN, or the
 * first after the last write of the same caller on another connection. Undefined when the step is
 * in no transaction.
 */
function firstOfTransaction(step: FlowStep, steps: readonly FlowStep[]): FlowStep | undefined {
  const mine = steps.filter(({ connection }) => connection === step.connection)
  const at = mine.indexOf(step)
  const closed = mine.findLastIndex(({ signature }, i) => i < at && closing.test(signature))
  const begin = mine.findLastIndex(
    ({ signature }, i) => i > closed && i <= at && signature === 'BEGIN',
  )
  if (begin === -1 || begin === at) return undefined
  if (!mine.some(({ signature }, i) => i >= at && closing.test(signature))) return undefined
  const elsewhere = steps.findLast(
    (other) =>
      other.write &&
      other.order > (mine[begin]?.order ?? 0) &&
      other.order < step.order &&
      other.connection !== step.connection &&
      callerOf(other) === callerOf(step),
  )
  return mine.find(({ order }, i) => i > begin && order > (elsewhere?.order ?? 0))
}

/** The calling process: `worker-1`. */
function callerOf({ connection }: FlowStep): string {
  return connection.slice(0, connection.indexOf(':'))
}
