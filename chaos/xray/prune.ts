import type { Column } from './columns.ts'
import type { Step } from './matrix.ts'

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
 * - E1: between the reply of one exchange and the request of the caller's next one, nothing leaves the caller. Whether it
 *   dies right after the one or right before the other is the same to the rest of the world.
 * - E2: an exchange that changes nothing: whether its request or its reply gets lost is the same, and so is whether its caller
 *   dies before or after it.
 * - E3: inside of a database transaction nothing has happened before COMMIT: whatever ends the connection there is the same
 *   as ending it at the first statement. Of COMMIT itself that holds for a caller that dies before it: whoever lives and does
 *   not know whether it was done is another story.
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
  const next = steps.find((other) => other.order > step.order && sameProcess(step, other))
  if (next === undefined || !follows(step, next, steps)) return undefined
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

/** The first step behind BEGIN of the transaction that this step is in; undefined when it is in none. */
function firstOfTransaction(step: Step, steps: readonly Step[]): Step | undefined {
  const mine = steps.filter((other) => other.link === step.link)
  const at = mine.indexOf(step)
  let begin = -1
  for (let i = at; i >= 0; i--) {
    const signature = mine[i]?.signature ?? ''
    if (i < at && closing.test(signature)) return undefined
    if (signature === 'BEGIN') {
      begin = i
      break
    }
  }
  if (begin === -1 || begin === at) return undefined
  const ends = mine.some((other, i) => i >= at && closing.test(other.signature))
  return ends ? mine[begin + 1] : undefined
}

/** Of a service with several instances, steps of one transaction or job are of one instance; others may not be. */
function sameProcess(step: Step, other: Step): boolean {
  return step.caller === other.caller
}

/** Nothing is delivered from the caller between the two: its own callers and callees have no exchange in between. */
function follows(step: Step, next: Step, steps: readonly Step[]): boolean {
  const between = steps.filter(({ order }) => order > step.order && order < next.order)
  return (
    between.length === 0 &&
    // A worker that has told the queue is done: what comes next may be another worker's.
    step.link === next.link
  )
}
