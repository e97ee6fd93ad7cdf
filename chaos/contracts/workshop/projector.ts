import type { ExerciseView, JoinAddress, LabPredictions } from './instructor.ts'

/** Everything on the projector's page. It has names only while the scoreboard is on or frozen. */
export interface ProjectorView {
  /** Time of the host. */
  readonly at: string
  readonly workshop: string
  readonly join: JoinAddress
  /** Learners who have not left. */
  readonly learners: number
  readonly exercise: ExerciseView | null
  /** Of the exercise's lab. Null: no exercise, or no lab in it. */
  readonly progress: {
    readonly lab: string
    readonly title: string
    readonly opened: number
    readonly predicted: number
    readonly checked: number
    readonly held: number
  } | null
  /** The revealed histogram of the exercise's lab, or else the one that was revealed last. Null: none is revealed. */
  readonly predictions: LabPredictions | null
  /** The incident in progress, or the one that ended last. */
  readonly incident: {
    readonly state: 'running' | 'ended'
    readonly startedAt: string
    readonly endsAt: string
    readonly sentTo: number
    readonly answered: number
  } | null
  /** Null: it is off. */
  readonly scoreboard: {
    readonly isFrozen: boolean
    readonly rows: readonly {
      readonly place: number
      readonly name: string
      readonly held: number
      readonly incidentScore: number
    }[]
  } | null
}
