import { Type } from 'typebox'

import type { Evidence } from '#chaos/contracts/check.ts'
import { warmUpTag } from '#chaos/contracts/history.ts'
import type { Operation, OperationKind } from '#chaos/contracts/history.ts'
import type { OperationDefinition } from '#chaos/contracts/system.ts'

import { clockOf } from './clock-of.ts'

/**
 * Which operations a check counts, by their start time. `steady`: in the steady state. `faults`: between the first fault and
 * the heal. `calm`: after a fault, with no active fault for {@link calmAfterMs}. `run`: all after the steady state.
 */
export type During = 'steady' | 'faults' | 'calm' | 'run'

/** Time between the end of a fault and the `calm` window. Recovery is not instant. */
const calmAfterMs = 1_000

/** Parameter `of`: the kind of operation to judge. */
export function ofParam(operations: readonly OperationDefinition[]) {
  return Type.Unsafe<OperationKind>({
    type: 'string',
    enum: operations.map(({ kind }) => kind),
    description: 'Kind of operation.',
  })
}

/** Parameter `during`. */
export const duringParam = Type.Optional(
  Type.Unsafe<During>({
    type: 'string',
    enum: ['steady', 'faults', 'calm', 'run'],
    description:
      'Which operations count, by their start time. steady: in the steady state. faults: between the first fault and the heal. calm: after a fault, with no active fault for at least one second. run (default): all after the steady state.',
  }),
)

/** The operations of one kind in the window, without those that the system must refuse even without a fault. */
export function operationsIn(
  evidence: Evidence,
  kind: OperationKind,
  during: During = 'run',
): readonly Operation[] {
  if (during === 'steady') return steadyOperationsOf(evidence, kind)
  const steady = new Set(evidence.steadyOperations.map(({ id }) => id))
  const periods = during === 'calm' ? faultPeriods(evidence) : []
  return evidence.operations.filter(
    (operation) =>
      operation.kind === kind &&
      !evidence.isOwedRefusal(operation) &&
      !steady.has(operation.id) &&
      (during === 'run' ||
        (during === 'calm' && isCalm(operation, periods)) ||
        (during === 'faults' &&
          operation.startMs >= evidence.faultsFromMs &&
          operation.startMs <= evidence.faultsToMs)),
  )
}

interface Period {
  readonly fromMs: number
  readonly toMs: number
}

/** When each fault of the run was active, by the journal. In milliseconds since the workload began. */
function faultPeriods(evidence: Evidence): readonly Period[] {
  const clock = clockOf(evidence)
  const events = evidence.journal.flatMap((event) =>
    event.type === 'fault' ? [{ ...event, ms: clock.msOf(event.ms) }] : [],
  )
  return events
    .filter(({ what }) => what === 'injected')
    .map(({ fault, ms }) => ({
      fromMs: ms,
      toMs:
        events.find((event) => event.what === 'healed' && event.fault.id === fault.id)?.ms ??
        evidence.durationMs,
    }))
}

function isCalm({ startMs }: Operation, periods: readonly Period[]): boolean {
  return (
    periods.some(({ fromMs }) => fromMs < startMs) &&
    !periods.some(({ fromMs, toMs }) => startMs >= fromMs && startMs <= toMs + calmAfterMs)
  )
}

/** The operations of one kind in the steady state: the baseline of a run. Those of the warm-up are not part of it. */
export function steadyOperationsOf(evidence: Evidence, kind: OperationKind): readonly Operation[] {
  return evidence.steadyOperations.filter(
    (operation) =>
      operation.kind === kind &&
      !evidence.isOwedRefusal(operation) &&
      !operation.tags.includes(warmUpTag),
  )
}

/** The window in a title: ` during the faults`. Empty for the whole run. */
export function windowName(during: During = 'run'): string {
  if (during === 'steady') return ' in the steady state'
  if (during === 'calm') return ' after the faults'
  return during === 'faults' ? ' during the faults' : ''
}
