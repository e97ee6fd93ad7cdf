import { Type } from 'typebox'

import type { Evidence } from '#chaos/contracts/check.ts'
import type { Operation, OperationKind } from '#chaos/contracts/history.ts'

/**
 * Which operations a check counts: those of the steady state, those that began while the scenario's faults could be on,
 * those that began when a fault had come and gone ({@link calmAfterMs}), or all after the steady state.
 */
export type During = 'steady' | 'faults' | 'calm' | 'run'

/** So long after the last fault was undone it is calm: nobody can expect an instant recovery. */
const calmAfterMs = 1_000

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
    enum: ['steady', 'faults', 'calm', 'run'],
    description:
      'steady: the steady state. faults: operations that began between the first fault and the heal. calm: those that began after a fault, when none had been on for a second. run (default): all after the steady state.',
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
  const spells = during === 'calm' ? stormySpells(evidence) : []
  return evidence.operations.filter(
    (operation) =>
      operation.kind === kind &&
      !steady.has(operation.id) &&
      (during === 'run' ||
        (during === 'calm' && isCalm(operation, spells)) ||
        (during === 'faults' &&
          operation.startMs >= evidence.faultsFromMs &&
          operation.startMs <= evidence.faultsToMs)),
  )
}

interface Spell {
  readonly fromMs: number
  readonly toMs: number
}

/** When each fault of the run was on, by the journal. */
function stormySpells({ journal, workloadStartedAt, durationMs }: Evidence): readonly Spell[] {
  const events = journal.flatMap((event) =>
    event.type === 'fault'
      ? [{ ...event, ms: Date.parse(event.at) - Date.parse(workloadStartedAt) }]
      : [],
  )
  return events
    .filter(({ what }) => what === 'injected')
    .map(({ fault, ms }) => ({
      fromMs: ms,
      toMs:
        events.find((event) => event.what === 'healed' && event.fault.id === fault.id)?.ms ??
        durationMs,
    }))
}

function isCalm({ startMs }: Operation, spells: readonly Spell[]): boolean {
  return (
    spells.some(({ fromMs }) => fromMs < startMs) &&
    !spells.some(({ fromMs, toMs }) => startMs >= fromMs && startMs <= toMs + calmAfterMs)
  )
}

/** The yardstick: what the same kind of operation did before anything was broken. */
export function steadyOperationsOf(evidence: Evidence, kind: OperationKind): readonly Operation[] {
  return evidence.steadyOperations.filter((operation) => operation.kind === kind)
}

/** What a judgement of this window is called. */
export function windowName(during: During = 'run'): string {
  if (during === 'steady') return ' in the steady state'
  if (during === 'calm') return ' after the faults'
  return during === 'faults' ? ' during the faults' : ''
}
