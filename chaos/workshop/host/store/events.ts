import type {
  IncidentView,
  Push,
  Report,
  ScoreboardState,
  ScoreRow,
} from '#chaos/contracts/workshop.ts'

/** A learner joined, or joined again with the same key: then the earlier token ends. */
export interface JoinedEvent {
  readonly kind: 'joined'
  readonly learner: string
  readonly name: string
  /** Hashes: nothing on the disk of the host is a learner's secret. */
  readonly keyHash: string
  readonly tokenHash: string
  readonly acceptsIncidents: boolean
}

export interface ReportEvent {
  readonly kind: 'report'
  readonly learner: string
  readonly report: Report
}

/** Something for learners' sandboxes. Its number is the `seq` of the event. */
export interface PushEvent {
  readonly kind: 'push'
  readonly to: readonly string[]
  readonly push: PushContent
}

/** Without what the store adds. */
export type PushContent = Push extends infer One
  ? One extends Push
    ? Omit<One, 'seq' | 'at'>
    : never
  : never

export interface ExerciseEvent {
  readonly kind: 'exercise'
  readonly exercise: string
  readonly title: string
  readonly lab: string | null
  readonly state: 'running' | 'paused' | 'stopped'
  readonly startedAt: string
  readonly limitMs: number | null
  /** Null: there is no timer, or it does not run. */
  readonly endsAt: string | null
  /** While the timer does not run. Null: there is no timer. */
  readonly leftMs: number | null
}

export interface SequenceEvent {
  readonly kind: 'sequence'
  readonly labs: readonly string[]
}

export interface ScoreboardEvent {
  readonly kind: 'scoreboard'
  readonly state: ScoreboardState
  /** As they were when the scoreboard was frozen. */
  readonly frozen: readonly ScoreRow[] | null
}

export interface RevealEvent {
  readonly kind: 'reveal'
  readonly lab: string
  readonly isRevealed: boolean
}

export interface IncidentEvent extends Pick<
  IncidentView,
  'id' | 'incident' | 'seed' | 'state' | 'startedAt' | 'endsAt' | 'sentTo'
> {
  readonly kind: 'incident'
}

/** A browser may use a seat: the learner joined, or opened a link of the instructor. */
export interface SeatEvent {
  readonly kind: 'seat'
  readonly seat: number
  /** Of the learner. */
  readonly name: string
  readonly acceptsIncidents: boolean
  /** Hashes, as those of {@link JoinedEvent}. */
  readonly cookieHash: string
  readonly keyHash: string
}

/** The seat has no learner any more, and no browser may use it. */
export interface SeatFreedEvent {
  readonly kind: 'seat-freed'
  readonly seat: number
}

/** Everything that changes a workshop. The views follow from the events in their sequence. */
export type WorkshopEvent =
  | JoinedEvent
  | ReportEvent
  | PushEvent
  | ExerciseEvent
  | SequenceEvent
  | ScoreboardEvent
  | RevealEvent
  | IncidentEvent
  | SeatEvent
  | SeatFreedEvent

export type StoredEvent = WorkshopEvent & {
  /** From 1, without gaps. */
  readonly seq: number
  /** ISO 8601: when the host stored it. */
  readonly at: string
}
