import type { ProjectorView } from '#chaos/contracts/workshop.ts'

import type { LearnerState, WorkshopState } from '../store/workshop-state.ts'
import { exerciseView, incidentView } from './instructor-view.ts'
import type { ViewContext } from './instructor-view.ts'
import { labPredictions } from './lab-predictions.ts'
import { scoreboardOf } from './score-rows.ts'

/** No names, except in a scoreboard that the instructor switched on. */
export function projectorView(state: WorkshopState, context: ViewContext): ProjectorView {
  const { nowMs } = context
  const learners = [...state.learners.values()].filter(({ hasLeft }) => !hasLeft)
  const exercise = exerciseView(state, nowMs)
  return {
    at: new Date(nowMs).toISOString(),
    workshop: context.title,
    join: context.join,
    learners: learners.length,
    exercise,
    progress: progressOf(learners, exercise?.lab ?? null, context),
    predictions: revealedPredictions(state, exercise?.lab ?? null, context),
    incident: incidentOf(state, nowMs),
    scoreboard: scoreboard(state),
  }
}

function progressOf(
  learners: readonly LearnerState[],
  id: string | null,
  { labs }: ViewContext,
): ProjectorView['progress'] {
  const lab = labs.find((each) => each.id === id)
  if (lab === undefined) return null
  const states = learners.flatMap((learner) => learner.labs.get(lab.id) ?? [])
  return {
    lab: lab.id,
    title: lab.title,
    opened: states.length,
    predicted: states.filter(({ prediction }) => prediction !== undefined).length,
    checked: states.filter(({ firstVerdict }) => firstVerdict !== undefined).length,
    held: states.filter(({ heldAt }) => heldAt !== undefined).length,
  }
}

function revealedPredictions(
  state: WorkshopState,
  ofExercise: string | null,
  { labs }: ViewContext,
): ProjectorView['predictions'] {
  const isOfExercise = ofExercise !== null && state.revealed.has(ofExercise)
  const id = isOfExercise ? ofExercise : [...state.revealed].at(-1)
  const lab = labs.find((each) => each.id === id)
  return lab === undefined ? null : labPredictions(state, lab)
}

function incidentOf({ incidents }: WorkshopState, nowMs: number): ProjectorView['incident'] {
  const latest = [...incidents.values()].at(-1)
  if (latest === undefined) return null
  const { state, startedAt, endsAt, sentTo, answered } = incidentView(latest, nowMs)
  return { state, startedAt, endsAt, sentTo: sentTo.length, answered }
}

function scoreboard(state: WorkshopState): ProjectorView['scoreboard'] {
  const { state: shown, rows } = scoreboardOf(state)
  if (shown === 'off') return null
  return {
    isFrozen: shown === 'frozen',
    rows: rows.map(({ place, name, held, incidentScore }) => ({
      place,
      name,
      held,
      incidentScore,
    })),
  }
}
