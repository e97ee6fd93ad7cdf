import type { ProjectorView } from '../../../contracts/workshop.ts'

/** How long an incident that has ended stays on the projector. */
export const endedIncidentMs = 15 * 60_000

export interface WallBlocks {
  /** How to join, in large letters. */
  readonly join: boolean
  readonly exercise: boolean
  readonly incident: boolean
  readonly histogram: boolean
  readonly scoreboard: boolean
}

/** What the projector shows. The address and the code are large while nothing runs, and one line otherwise. */
export function wallBlocks(view: ProjectorView, nowMs: number): WallBlocks {
  const { exercise, incident } = view
  const isExercise = exercise !== null && exercise.state !== 'stopped'
  const isIncident = incident?.state === 'running' && nowMs < Date.parse(incident.endsAt)
  return {
    join: !isExercise && !isIncident,
    exercise: isExercise,
    incident: incident !== null && nowMs - Date.parse(incident.endsAt) < endedIncidentMs,
    histogram: view.predictions !== null,
    scoreboard: view.scoreboard !== null,
  }
}
