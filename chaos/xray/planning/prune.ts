import type { Step } from '../matrix.ts'
import type { Column } from './columns.ts'

/** Why a cell need not be run: another one stands for it. */
export interface Pruned {
  /** Id of the cell that stands for this one. */
  readonly sameAs: string
  readonly rule: string
}

const closing = /^(COMMIT|ROLLBACK)$/

/**
 * The cell that stands for this one, or undefined when it must be run.
 *
 * - E1: between the reply of one exchange and the request of the next one on its connection, nothing leaves the caller.
 *   Whether it dies right after the one or right before the other is the same to the rest of the world.
 * - E2: an exchange that changes nothing: whether its request or its reply gets lost is the same, and so is whether its caller
 *   dies before or after it.
 * - E3: inside of a database transaction nothing has happened before COMMIT: whatever ends the connection there is the same
 *   as ending it at the first statement, or at the first one after its caller has changed something elsewhere, which no
 *   ROLLBACK takes back. Of COMMIT itself that holds for a caller that dies before it: whoever lives and does not know
 *   whether it was done is another story.
 */
export function prunedBy(step: Step, column: Column, steps: readonly Step[]): Pruned | undefined {
  return (
    gap(step, column, steps) ??
    effectFree(step, column) ??
    transaction(step, column, steps) ??
    harmlessDeath(step, column, steps)
  )
}

function gap(step: Step, column: Column, steps: readonly Step[]): Pruned | undefined {
  if (column.id !== 'caller-dies-after' || step.caller === 'client') return undefined
  const next = steps.find(({ order }) => order === step.order + 1)
  if (next === undefined || next.connection !== step.connection) return undefined
  return {
    sameAs: `${next.id}/caller-dies-before`,
    rule: `E1: ${next.signature} is what the ${step.caller} does next, and nothing leaves it in between`,
  }
}

function effectFree(step: Step, column: Column): Pruned | undefined {
  if (step.write || step.told === 'reply') return undefined
  const twin = { 'reply-cut': 'request-cut', 'reply-silent': 'request-silent' }[column.id as string]
  const dies = { 'callee-dies-after': 'callee-dies-before' }[column.id as string]
  const other = twin ?? dies
  if (other === undefined) return undefined
  return {
    sameAs: `${step.id}/${other}`,
    rule: `E2: ${step.signature} changes nothing, so it is the same whether its request or its reply is lost`,
  }
}

function harmlessDeath(step: Step, column: Column, steps: readonly Step[]): Pruned | undefined {
  if (column.id !== 'caller-dies-before' || step.caller === 'client') return undefined
  if (step.write || step.told === 'reply') return undefined
  // It stands for the rest of its transaction, and must not stand for itself by way of it.
  if (firstOfTransaction(step, steps) !== undefined) return undefined
  return {
    sameAs: `${step.id}/caller-dies-after`,
    rule: `E2: ${step.signature} changes nothing, so it is the same whether the ${step.caller} dies before or after it`,
  }
}

function transaction(step: Step, column: Column, steps: readonly Step[]): Pruned | undefined {
  if (step.protocol !== 'postgres') return undefined
  if (closing.test(step.signature) && column.id !== 'caller-dies-before') return undefined
  if (column.act === 'late' || column.act === 'silence') return undefined
  const first = firstOfTransaction(step, steps)
  if (first === undefined || first === step) return undefined
  return {
    sameAs: `${first.id}/${column.id}`,
    rule: `E3: nothing of the transaction has happened before its COMMIT, so it is the same as at ${first.signature}`,
  }
}

/**
 * The step that stands for this one in its transaction: the first after BEGIN, or after the last thing that its caller has
 * changed elsewhere meanwhile. Undefined when it is in none.
 */
function firstOfTransaction(step: Step, steps: readonly Step[]): Step | undefined {
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

/** The process: `worker-1`. */
function callerOf({ connection }: Step): string {
  return connection.slice(0, connection.indexOf(':'))
}
