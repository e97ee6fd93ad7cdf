import type { Lab } from '#chaos/contracts/lab.ts'
import type {
  ExerciseView,
  IncidentOption,
  IncidentView,
  InstructorView,
  SeatRow,
} from '#chaos/contracts/workshop.ts'

import { leftOf } from '../store/workshop-state.ts'
import type { IncidentState, WorkshopState } from '../store/workshop-state.ts'
import { labPredictions } from './lab-predictions.ts'
import { learnerRows } from './learner-rows.ts'
import { scoreboardOf } from './score-rows.ts'

/** What a view needs in addition to the state. */
export interface ViewContext {
  readonly title: string
  readonly startedAt: string
  readonly join: InstructorView['join']
  /** In teaching order. */
  readonly labs: readonly Lab[]
  readonly incidents: readonly IncidentOption[]
  readonly nowMs: number
  readonly isOnline: (learner: string) => boolean
  /** Absent: the host hands out no seats. */
  readonly seats?: (() => readonly SeatRow[]) | undefined
}

export function instructorView(state: WorkshopState, context: ViewContext): InstructorView {
  const { labs, nowMs } = context
  return {
    at: new Date(nowMs).toISOString(),
    workshop: context.title,
    startedAt: context.startedAt,
    join: context.join,
    learners: learnerRows(state.learners.values(), context),
    labs: labs.map(({ id, title, track, minutes }) => ({ id, title, track, minutes })),
    sequence: state.sequence,
    exercise: exerciseView(state, nowMs),
    predictions: labs
      .map((lab) => labPredictions(state, lab))
      .filter(({ total }) => total > 0)
      .toReversed(),
    feed: state.feed,
    scoreboard: scoreboardOf(state),
    incidents: [...state.incidents.values()]
      .map((incident) => incidentView(incident, nowMs))
      .toReversed(),
    incidentOptions: context.incidents,
    ...(context.seats !== undefined && { seats: context.seats() }),
  }
}

export function exerciseView({ exercise }: WorkshopState, nowMs: number): ExerciseView | null {
  if (exercise === null) return null
  const { title, lab, state, startedAt, endsAt, limitMs } = exercise
  return {
    exercise: exercise.exercise,
    title,
    lab,
    state,
    startedAt,
    endsAt,
    limitMs,
    leftMs: leftOf(exercise, nowMs),
  }
}

/** An incident is over at its end, even if no instructor ended it. */
export function incidentView(incident: IncidentState, nowMs: number): IncidentView {
  const isOver = incident.state === 'ended' || nowMs >= Date.parse(incident.endsAt)
  return {
    id: incident.id,
    incident: incident.incident,
    seed: incident.seed,
    state: isOver ? 'ended' : 'running',
    startedAt: incident.startedAt,
    endsAt: incident.endsAt,
    sentTo: incident.sentTo,
    begun: incident.begun.size,
    refused: incident.refused.size,
    answered: incident.answered.size,
  }
}
