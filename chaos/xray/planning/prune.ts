import type { CellResult } from '../judging/cell-results.ts'
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
 * - E1: the caller sends nothing between two exchanges. Its death right after the first one has the same effect as its death
 *   right before the second. On one connection this is always so; on two connections, when the process does nothing else
 *   meanwhile. A service that dies before it receives a request has sent nothing: the same as its death before its first
 *   exchange.
 * - E2: an exchange changes nothing. A lost reply has the same effect as a lost request, and the death of an end after the
 *   exchange has the same effect as its death before it. The first statement needs all that BEGIN does.
 * - E3: inside a database transaction nothing takes effect before COMMIT. A fault that ends the connection has the same effect
 *   as at the first statement, or at the first statement after the last write of the same caller on another connection,
 *   which a ROLLBACK does not revert. A silent connection keeps its locks: it has the same effect as at the last statement
 *   before COMMIT, which holds all of them. The death of the database has the same effect as right before COMMIT. For COMMIT
 *   itself this holds only for the death of the caller before it: a living caller that does not receive the reply cannot
 *   tell whether the COMMIT was executed.
 * - E4: the caller has a timeout and closes the connection. A reply that arrives later has the same effect as none. This
 *   holds for drivers of Postgres and for the client.
 */
export function prunedBy(
  step: FlowStep,
  column: MatrixColumn,
  steps: readonly FlowStep[],
): Pruned | undefined {
  return (
    gap(step, column, steps) ??
    lateReply(step, column) ??
    emptyBegin(step, column, steps) ??
    transaction(step, column, steps) ??
    effectFree(step, column, steps) ??
    harmlessDeath(step, column, steps)
  )
}

/**
 * E5: the run of another cell stays unfinished after the same exchange was cut. When the message is lost in another way,
 * the run stays unfinished too, and to wait for it again takes the longest of all cells. `resultOf`: the results so far;
 * `subject`: what one run is about.
 */
export function prunedByResult(
  step: FlowStep,
  column: MatrixColumn,
  resultOf: (cell: string) => CellResult | undefined,
  subject = 'flow',
): Pruned | undefined {
  if (column.act === 'cut' || column.act === 'kill-caller') return undefined
  const sameAs = `${step.id}/${column.phase === 'before' ? 'request-cut' : 'reply-cut'}`
  const result = resultOf(sameAs)
  if (result === undefined || !unfinished.has(result)) return undefined
  return {
    sameAs,
    rule: `E5: the ${subject} already stays unfinished (${result}) when this message is cut`,
  }
}

const unfinished: ReadonlySet<CellResult> = new Set(['stuck', 'orphan', 'lost'])

function gap(step: FlowStep, column: MatrixColumn, steps: readonly FlowStep[]): Pruned | undefined {
  if (column.id === 'callee-dies-before' && step.caller === 'client') {
    const first = steps.find(({ order, caller }) => order > step.order && caller === step.callee)
    return first && death(step.callee, first)
  }
  if (column.id !== 'caller-dies-after' || step.caller === 'client') return undefined
  const next = steps.find(({ order }) => order === step.order + 1)
  if (next === undefined || callerOf(next) !== callerOf(step)) return undefined
  if (next.connection === step.connection) return death(step.caller, next)
  // A process that receives a job, has a transaction open elsewhere or ends one does two things at the same time.
  if (next.matchedBy === 'reply' || closing.test(step.signature)) return undefined
  if (isConcurrent(step, steps) || isConcurrent(next, steps)) return undefined
  return death(step.caller, next)
}

function death(caller: string, next: FlowStep): Pruned {
  return {
    sameAs: `${next.id}/caller-dies-before`,
    rule: `E1: the ${caller} sends ${next.signature} next and nothing in between`,
  }
}

/** The calling process has a transaction open on another connection. */
function isConcurrent(step: FlowStep, steps: readonly FlowStep[]): boolean {
  return steps.some((begin) => {
    if (begin.signature !== 'BEGIN' || begin.connection === step.connection) return false
    if (callerOf(begin) !== callerOf(step) || begin.order > step.order) return false
    const end = steps.find(
      ({ connection, order, signature }) =>
        connection === begin.connection && order > begin.order && closing.test(signature),
    )
    return end !== undefined && end.order > step.order
  })
}

function lateReply(step: FlowStep, column: MatrixColumn): Pruned | undefined {
  if (column.id !== 'reply-late') return undefined
  if (step.protocol !== 'postgres' && step.caller !== 'client') return undefined
  return {
    sameAs: `${step.id}/reply-silent`,
    rule: `E4: the ${step.caller} has closed the connection before the late reply arrives`,
  }
}

function emptyBegin(
  step: FlowStep,
  column: MatrixColumn,
  steps: readonly FlowStep[],
): Pruned | undefined {
  if (step.signature !== 'BEGIN' || column.phase !== 'before') return undefined
  const first = steps.find(
    ({ connection, order }) => connection === step.connection && order > step.order,
  )
  if (first === undefined || closing.test(first.signature)) return undefined
  return {
    sameAs: `${first.id}/${column.id}`,
    rule: `E2: BEGIN changes nothing, so a fault on it has the same effect as on ${first.signature}`,
  }
}

function effectFree(
  step: FlowStep,
  column: MatrixColumn,
  steps: readonly FlowStep[],
): Pruned | undefined {
  // The last statement of a transaction represents the others when a connection is silent.
  if (column.act === 'silence' && lastOfTransaction(step, steps) !== undefined) return undefined
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
  if (column.act === 'late') return undefined
  const last = lastOfTransaction(step, steps)
  if (column.act === 'silence') {
    if (last === undefined || (last === step && column.id === 'reply-silent')) return undefined
    return {
      sameAs: `${last.id}/reply-silent`,
      rule: `E3: nothing of the transaction takes effect before its COMMIT, and ${last.signature} holds all its locks`,
    }
  }
  const commit =
    last &&
    steps.find(({ connection, order }) => connection === last.connection && order > last.order)
  if (column.act === 'kill-callee' && commit !== undefined && closing.test(commit.signature))
    return {
      sameAs: `${commit.id}/callee-dies-before`,
      rule: `E3: nothing of the transaction takes effect before its COMMIT, so the death of the database has the same effect as before ${commit.signature}`,
    }
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
  return statementsWith(step, steps)?.[0]
}

/** The last statement before COMMIT, or before the next write of the same caller on another connection. */
function lastOfTransaction(step: FlowStep, steps: readonly FlowStep[]): FlowStep | undefined {
  if (closing.test(step.signature)) return undefined
  return statementsWith(step, steps)?.findLast(({ signature }) => !closing.test(signature))
}

/**
 * The statements of the step's transaction, with COMMIT, between which the same caller writes nothing on another connection.
 * Undefined when the step is in no transaction; BEGIN is in none.
 */
function statementsWith(
  step: FlowStep,
  steps: readonly FlowStep[],
): readonly FlowStep[] | undefined {
  const mine = steps.filter(({ connection }) => connection === step.connection)
  const at = mine.indexOf(step)
  const closed = mine.findLastIndex(({ signature }, i) => i < at && closing.test(signature))
  const begin = mine.findLastIndex(
    ({ signature }, i) => i > closed && i <= at && signature === 'BEGIN',
  )
  if (begin === -1 || begin === at) return undefined
  const end = mine.findIndex(({ signature }, i) => i >= at && closing.test(signature))
  if (end === -1) return undefined
  const elsewhere = steps.filter(
    (other) =>
      other.write &&
      other.order > (mine[begin]?.order ?? 0) &&
      other.connection !== step.connection &&
      callerOf(other) === callerOf(step),
  )
  const fromOrder = elsewhere.findLast(({ order }) => order < step.order)?.order ?? 0
  const toOrder = elsewhere.find(({ order }) => order > step.order)?.order ?? Infinity
  return mine.slice(begin + 1, end + 1).filter(({ order }) => order > fromOrder && order < toOrder)
}

/** The calling process: `worker-1`. */
function callerOf({ connection }: FlowStep): string {
  return connection.slice(0, connection.indexOf(':'))
}
