import type { ActionKind, ChainLink } from './incident.ts'

/** Starts a game day. */
export interface GamedayBody {
  /** Decides the incidents, their sequence and their times. Absent: a new one. */
  readonly seed?: number
  /** How many incidents. Absent: 4. */
  readonly incidents?: number
  /** The longest time for each incident. Absent: 6. */
  readonly minutes?: number
  /** Exactly this incident of the catalogue: an instructor sends it. Not with `incidents`. */
  readonly incident?: string
  /** Short times: to try the commands. */
  readonly brisk?: boolean
}

/** What a learner says about the open incident. The latest answers count. */
export interface AnswersBody {
  readonly wrong: boolean
  /** Places: names or patterns. */
  readonly where?: readonly string[]
  /** An id of {@link GamedayView.causes}. */
  readonly cause?: string
  /** Places in the order in which the incident spreads, the cause first. */
  readonly chain?: readonly string[]
  /** What the learner did and why, in own words. It is in the debrief and is not scored. */
  readonly note?: string
  /** These are the last answers: the incident closes. */
  readonly final?: boolean
}

/** A mitigation. */
export interface ActionBody {
  readonly action: ActionKind
  /** Name or pattern of instances, stores or links; of `end-session`: `postgres`. */
  readonly target: string
  /** Only of `set`. */
  readonly settings?: Readonly<Record<string, string>>
  /** Only of `end-session`: the number of its process in Postgres. */
  readonly pid?: number
}

export interface GivenAnswers extends AnswersBody {
  /** Milliseconds since the incident opened. */
  readonly atMs: number
}

export interface TakenAction extends ActionBody {
  readonly atMs: number
  /** The parts that it touched. */
  readonly touched: readonly string[]
  /** What it did, or why it failed. */
  readonly result: string
}

/** Each part from 0 to 1. */
export interface IncidentScore {
  readonly detection: number
  readonly place: number
  readonly cause: number
  readonly chain: number
  readonly mitigation: number
  /** 0 to 100. */
  readonly points: number
  /** A sentence for each part. */
  readonly reasons: Readonly<Record<ScoredPart, string>>
  /** From the start of the incident to the first right "something is wrong"; null: never, or nothing was wrong. */
  readonly detectedAfterMs: number | null
  readonly falseAlarm: boolean
}

export const scoredParts = ['detection', 'place', 'cause', 'chain', 'mitigation'] as const
export type ScoredPart = (typeof scoredParts)[number]

/** One line of the debrief. */
export interface DebriefLine {
  readonly atMs: number
  /** `system`: what happened. `learner`: what the learner said or did. `checks`: what the checks measured. */
  readonly by: 'system' | 'learner' | 'checks'
  readonly text: string
}

/** What is shown when an incident has closed. */
export interface IncidentDebrief {
  readonly number: number
  readonly incident: string
  readonly seed: number
  readonly title: string
  readonly story: string
  readonly cause: { readonly place: string; readonly kind: string; readonly words: string } | null
  /** `named`: the place is in the chain of the last answers. */
  readonly chain: readonly (ChainLink & { readonly named: boolean })[]
  readonly symptoms: readonly string[]
  readonly mitigations: readonly string[]
  readonly answers: GivenAnswers | null
  readonly actions: readonly TakenAction[]
  readonly score: IncidentScore
  readonly lines: readonly DebriefLine[]
}

export interface OpenIncident {
  /** From 1. */
  readonly number: number
  readonly state: 'open' | 'judging' | 'replaying'
  readonly openForMs: number
  /** Final answers are accepted after this time. */
  readonly shortestMs: number
  readonly limitMs: number
  readonly answers: GivenAnswers | null
  readonly actions: readonly TakenAction[]
}

/** A game day as its learner may see it: nothing of an incident that has not closed. */
export interface GamedayView {
  readonly id: string
  readonly seed: number
  readonly state: 'running' | 'ended' | 'stopped'
  readonly incidents: number
  readonly startedAt: string
  /** Null: between two incidents, or the game day is over. */
  readonly open: OpenIncident | null
  readonly places: readonly string[]
  readonly causes: readonly { readonly id: string; readonly words: string }[]
  readonly closed: readonly IncidentDebrief[]
  /** Why it ended early. */
  readonly error?: string
}
