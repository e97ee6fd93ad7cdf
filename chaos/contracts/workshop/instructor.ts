import { Type } from 'typebox'
import type { Static } from 'typebox'

import { entriesMax, nameLengthMax } from '../max.ts'
import type { VerdictOutcome } from '../verdict.ts'
import type { ExerciseStateSchema } from './push.ts'
import type { Report } from './report.ts'
import type { SeatRow } from './seat.ts'
import { Id, LabId, limitMsMax, NoteText, Seed, strict } from './strict.ts'

/** Everything on the instructor's page. */
export interface InstructorView {
  /** Time of the host. Pages count minutes from it, not from their own clock. */
  readonly at: string
  readonly workshop: string
  readonly startedAt: string
  readonly join: JoinAddress
  /** Stuck learners first, then the oldest change; learners who have left are last. */
  readonly learners: readonly LearnerRow[]
  /** Every lab, in teaching order. */
  readonly labs: readonly LabOption[]
  /** Ids of the labs of this workshop, in the instructor's sequence. Empty: none was chosen. */
  readonly sequence: readonly string[]
  readonly exercise: ExerciseView | null
  /** Of each lab with at least one prediction, the newest first. */
  readonly predictions: readonly LabPredictions[]
  /** The newest first; at most 100. */
  readonly feed: readonly FeedEntry[]
  readonly scoreboard: Scoreboard
  /** The newest first. */
  readonly incidents: readonly IncidentView[]
  /** The incidents that this host can start. Absent: none. */
  readonly incidentOptions?: readonly IncidentOption[]
  /** Absent: the host hands out no seats. */
  readonly seats?: readonly SeatRow[]
}

export interface IncidentOption {
  /** Opaque id of the catalogue. */
  readonly id: string
  readonly title: string
}

export interface JoinAddress {
  /** The first one is in the QR code. More than one if the machine has several addresses. */
  readonly urls: readonly string[]
  readonly code: string
}

/** How far a learner is in the current lab. */
export type LearnerPhase =
  | 'joined'
  | 'opened'
  | 'predicted'
  | 'violated'
  | 'inconclusive'
  | 'explained'
  | 'held'
  | 'left'

/** Why a learner is shown first. */
export type StuckReason = 'asked for help' | 'no change' | 'violated again and again'

export interface LearnerRow {
  readonly learner: string
  readonly name: string
  /** Null: has opened no lab since joining. */
  readonly lab: string | null
  readonly phase: LearnerPhase
  readonly lastVerdict: {
    readonly outcome: VerdictOutcome
    readonly at: string
    readonly failed: readonly string[]
  } | null
  /** Verdicts `violated` of the current lab since the last `held`. */
  readonly violations: number
  /** Of the current lab. */
  readonly hintsUsed: number
  /** Labs that held. */
  readonly held: readonly string[]
  /** ISO 8601: the last report, or the time of joining. */
  readonly changedAt: string
  readonly helpAskedAt: string | null
  readonly helpText: string | null
  readonly stuck: { readonly because: StuckReason; readonly since: string } | null
  /** The sandbox is connected now. */
  readonly isOnline: boolean
  readonly acceptsIncidents: boolean
  /** Labs whose code the learner has shared. */
  readonly shared: readonly string[]
}

export interface LabOption {
  readonly id: string
  readonly title: string
  readonly track: string
  readonly minutes: number
}

export interface ExerciseView {
  readonly exercise: string
  readonly title: string
  readonly lab: string | null
  readonly state: Static<typeof ExerciseStateSchema>
  readonly startedAt: string
  /** Null: there is no timer, or it does not run now. */
  readonly endsAt: string | null
  /** What was left at the `at` of the view, ms; 0 when the time is over. Null: there is no timer. */
  readonly leftMs: number | null
  /** Length of the timer with its extensions, ms. */
  readonly limitMs: number | null
}

/** Predictions of one lab beside what was measured. */
export interface LabPredictions {
  readonly lab: string
  readonly title: string
  readonly question: string
  readonly answers: readonly {
    readonly text: string
    readonly count: number
    /** Mean confidence of these predictions, percent. Null: there is none. */
    readonly confidence: number | null
  }[]
  readonly total: number
  /** Index of the answer that the run confirms. */
  readonly right: number
  readonly because: string
  /** First verdict of each learner's own code. */
  readonly firstVerdicts: Readonly<Record<VerdictOutcome, number>>
  /** How often each check was violated in first verdicts. */
  readonly failed: Readonly<Record<string, number>>
  readonly isRevealed: boolean
}

/** A report as a line of the feed. */
export interface FeedEntry {
  readonly seq: number
  readonly at: string
  readonly learner: string
  readonly name: string
  readonly report:
    | Exclude<Report, { type: 'code' }>
    | { type: 'joined' }
    | { type: 'code'; lab: string }
}

const ScoreboardStateSchema = Type.Union([
  Type.Literal('off'),
  Type.Literal('on'),
  Type.Literal('frozen'),
])
export type ScoreboardState = Static<typeof ScoreboardStateSchema>

export interface Scoreboard {
  readonly state: ScoreboardState
  readonly frozenAt: string | null
  /** The best first. While frozen: as it was then. */
  readonly rows: readonly ScoreRow[]
}

export interface ScoreRow {
  readonly learner: string
  readonly name: string
  /** Labs that held. */
  readonly held: number
  /** Sum of the scores of incidents, 0 to 1 for each part. */
  readonly incidentScore: number
  readonly hintsUsed: number
  /** Equal rows share a place. */
  readonly place: number
}

export interface IncidentView {
  /** Of this occurrence. */
  readonly id: string
  /** Opaque id of the catalogue. */
  readonly incident: string
  readonly seed: number
  readonly state: 'running' | 'ended'
  readonly startedAt: string
  readonly endsAt: string
  /** Learners who received it. */
  readonly sentTo: readonly string[]
  readonly begun: number
  readonly refused: number
  readonly answered: number
}

/** `all`: every learner who has not left. */
const Recipients = Type.Union([
  Type.Literal('all'),
  Type.Array(Id, { minItems: 1, maxItems: entriesMax }),
])
export type Recipients = Static<typeof Recipients>

export const PushBodySchema = Type.Object(
  {
    to: Recipients,
    push: Type.Union([
      Type.Object({ type: Type.Literal('note'), text: NoteText }, strict),
      Type.Object({ type: Type.Literal('hint'), lab: LabId, text: NoteText }, strict),
      Type.Object({ type: Type.Literal('code-wanted'), lab: LabId }, strict),
    ]),
  },
  strict,
)
export type PushBody = Static<typeof PushBodySchema>

export interface PushResult {
  /** Learners who will receive it, even learners who are not connected now. */
  readonly sentTo: readonly string[]
}

const LimitMs = Type.Integer({ minimum: 1_000, maximum: limitMsMax })

export const ExerciseBodySchema = Type.Object(
  {
    title: Type.String({ minLength: 1, maxLength: nameLengthMax }),
    lab: Type.Optional(LabId),
    /** Absent: no timer. */
    limitMs: Type.Optional(LimitMs),
  },
  strict,
)
export type ExerciseBody = Static<typeof ExerciseBodySchema>

export const ExerciseChangeSchema = Type.Union([
  Type.Object({ what: Type.Literal('pause') }, strict),
  Type.Object({ what: Type.Literal('resume') }, strict),
  Type.Object({ what: Type.Literal('stop') }, strict),
  Type.Object({ what: Type.Literal('extend'), byMs: LimitMs }, strict),
])
export type ExerciseChange = Static<typeof ExerciseChangeSchema>

export const SequenceBodySchema = Type.Object(
  { labs: Type.Array(LabId, { maxItems: 100, uniqueItems: true }) },
  strict,
)
export type SequenceBody = Static<typeof SequenceBodySchema>

export const ScoreboardBodySchema = Type.Object({ state: ScoreboardStateSchema }, strict)
export type ScoreboardBody = Static<typeof ScoreboardBodySchema>

export const RevealBodySchema = Type.Object({ isRevealed: Type.Boolean() }, strict)
export type RevealBody = Static<typeof RevealBodySchema>

export const IncidentBodySchema = Type.Object(
  { to: Recipients, incident: Id, seed: Seed, limitMs: LimitMs },
  strict,
)
export type IncidentBody = Static<typeof IncidentBodySchema>

export interface IncidentResult {
  readonly id: string
  readonly sentTo: readonly string[]
  /** Learners who did not agree to incidents. Nothing was sent to them. */
  readonly declined: readonly string[]
}

/** Everything that one learner reported. */
export interface LearnerRecord {
  readonly learner: string
  readonly name: string
  readonly joinedAt: string
  readonly acceptsIncidents: boolean
  /** In the sequence of their arrival. */
  readonly reports: readonly (Report & { readonly seq: number; readonly receivedAt: string })[]
}
