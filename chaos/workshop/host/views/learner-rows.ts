import type { LearnerPhase, LearnerRow } from '#chaos/contracts/workshop.ts'

import type { LabState, LearnerState } from '../store/workshop-state.ts'

/** A learner without a report for this long, in a lab that does not hold, is stuck. */
const stuckAfterMs = 10 * 60_000
/** This many violated verdicts without a held one mean the same. */
const stuckAfterViolations = 4

export interface RowOptions {
  readonly nowMs: number
  readonly isOnline: (learner: string) => boolean
}

/** One row per learner: stuck learners first, then the oldest change; learners who have left are last. */
export function learnerRows(
  learners: Iterable<LearnerState>,
  options: RowOptions,
): readonly LearnerRow[] {
  return [...learners].map((learner) => rowOf(learner, options)).toSorted(compareRows)
}

function rowOf(learner: LearnerState, { nowMs, isOnline }: RowOptions): LearnerRow {
  const lab = learner.lab === null ? undefined : learner.labs.get(learner.lab)
  const verdict = lab?.lastVerdict
  const labs = [...learner.labs.values()]
  return {
    learner: learner.learner,
    name: learner.name,
    lab: learner.lab,
    phase: phaseOf(learner, lab),
    lastVerdict:
      verdict === undefined
        ? null
        : { outcome: verdict.outcome, at: verdict.at, failed: verdict.failed ?? [] },
    violations: lab?.violations ?? 0,
    hintsUsed: lab?.hintsUsed ?? 0,
    held: labs.filter(({ heldAt }) => heldAt !== undefined).map((each) => each.lab),
    changedAt: learner.changedAt,
    helpAskedAt: learner.help?.at ?? null,
    helpText: learner.help?.text ?? null,
    stuck: stuckOf(learner, lab, nowMs),
    isOnline: isOnline(learner.learner),
    acceptsIncidents: learner.acceptsIncidents,
    shared: labs.filter(({ hasSharedCode }) => hasSharedCode === true).map((each) => each.lab),
  }
}

function phaseOf(learner: LearnerState, lab: LabState | undefined): LearnerPhase {
  if (learner.hasLeft) return 'left'
  if (lab === undefined) return 'joined'
  const outcome = lab.lastVerdict?.outcome
  if (outcome === 'held') return 'held'
  if (outcome !== undefined)
    return learner.latest === 'explanation' && outcome === 'violated' ? 'explained' : outcome
  return lab.prediction === undefined ? 'opened' : 'predicted'
}

function stuckOf(
  { hasLeft, help, changedAt }: LearnerState,
  lab: LabState | undefined,
  nowMs: number,
): LearnerRow['stuck'] {
  if (hasLeft) return null
  if (help !== null) return { because: 'asked for help', since: help.at }
  if (lab?.lastVerdict?.outcome === 'held') return null
  if (nowMs - Date.parse(changedAt) >= stuckAfterMs)
    return { because: 'no change', since: changedAt }
  if (lab !== undefined && lab.violations >= stuckAfterViolations)
    return { because: 'violated again and again', since: lab.lastVerdict?.at ?? changedAt }
  return null
}

/** The smaller one is shown first. */
function rankOf({ phase, stuck }: LearnerRow): number {
  if (phase === 'left') return 4
  if (stuck !== null) return stuck.because === 'asked for help' ? 0 : 1
  return phase === 'held' ? 3 : 2
}

function compareRows(one: LearnerRow, other: LearnerRow): number {
  const since = (row: LearnerRow): string => row.stuck?.since ?? row.changedAt
  return rankOf(one) - rankOf(other) || since(one).localeCompare(since(other))
}
