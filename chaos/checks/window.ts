import { Type } from 'typebox'

import type { Evidence } from '../contracts/check.ts'
import type { Operation, OperationKind } from '../contracts/history.ts'

/**
 * Which operations a check counts: those of the steady state, those that began while the scenario's faults could be on, or
 * all after the steady state.
 */
export type During = 'steady' | 'faults' | 'run'

const kinds: readonly OperationKind[] = ['place-order', 'browse', 'quote', 'read-order']

/** Parameter `of`: the kind of operation that is judged. */
export const ofParam = Type.Unsafe<OperationKind>({
  type: 'string',
  enum: kinds,
  description: 'Kind of operation.',
})

/** Parameter `during`. */
export const duringParam = Type.Optional(
  Type.Unsafe<During>({
    type: 'string',
    enum: ['steady', 'faults', 'run'],
    description:
      'steady: the steady state. faults: operations that began between the first fault and the heal. run (default): all after the steady state.',
  }),
)

/** Operations of one kind in the window. */
export function operationsIn(
  evidence: Evidence,
  kind: OperationKind,
  during: During = 'run',
): readonly Operation[] {
  if (during === 'steady') return steadyOperationsOf(evidence, kind)
  const steady = new Set(evidence.steadyOperations.map(({ id }) => id))
  return evidence.operations.filter(
    (operation) =>
      operation.kind === kind &&
      !steady.has(operation.id) &&
      (during === 'run' ||
        (operation.startMs >= evidence.faultsFromMs && operation.startMs <= evidence.faultsToMs)),
  )
}

/** The yardstick: what the same kind of operation did before anything was broken. */
export function steadyOperationsOf(evidence: Evidence, kind: OperationKind): readonly Operation[] {
  return evidence.steadyOperations.filter((operation) => operation.kind === kind)
}

/** What a judgement of this window is called. */
export function windowName(during: During = 'run'): string {
  if (during === 'steady') return ' in the steady state'
  return during === 'faults' ? ' during the faults' : ''
}
