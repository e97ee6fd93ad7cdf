import type { Scoreboard, ScoreRow } from '#chaos/contracts/workshop.ts'

import type { LearnerState, WorkshopState } from '../store/workshop-state.ts'

/** Learners who have not left, the best first: labs that held, then scores of incidents, then fewer hints. */
export function scoreRows(learners: Iterable<LearnerState>): readonly ScoreRow[] {
  const rows = [...learners]
    .filter(({ hasLeft }) => !hasLeft)
    .map(rowOf)
    .toSorted((one, other) => compare(one, other) || one.name.localeCompare(other.name))
  return rows.map((row) => ({
    ...row,
    place: 1 + rows.findIndex((each) => compare(each, row) === 0),
  }))
}

/** The rows to show: those of the moment when the scoreboard was frozen, if it is. */
export function scoreboardOf({ scoreboard, learners }: WorkshopState): Scoreboard {
  const { state, frozenAt, frozen } = scoreboard
  return { state, frozenAt, rows: frozen ?? scoreRows(learners.values()) }
}

function rowOf({ learner, name, labs, incidentScores }: LearnerState): Omit<ScoreRow, 'place'> {
  const all = [...labs.values()]
  return {
    learner,
    name,
    held: all.filter(({ heldAt }) => heldAt !== undefined).length,
    incidentScore: [...incidentScores.values()].reduce((before, score) => before + score, 0),
    hintsUsed: all.reduce((before, { hintsUsed }) => before + hintsUsed, 0),
  }
}

/** 0: they share a place. */
function compare(one: Omit<ScoreRow, 'place'>, other: Omit<ScoreRow, 'place'>): number {
  return (
    other.held - one.held ||
    other.incidentScore - one.incidentScore ||
    one.hintsUsed - other.hintsUsed
  )
}
