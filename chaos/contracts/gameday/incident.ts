/** What a learner can do about an incident. Each has a real effect on the sandbox and can be repeated. */
export const actionKinds = [
  'restart', // SIGTERM and a new start with the same settings
  'stop', // takes an instance out of service
  'start',
  'reroute', // leads a link over another network path
  'rollback', // deploys the version that ran before the last release
  'set', // restarts with other settings
  'end-session', // ends a session of Postgres
] as const
export type ActionKind = (typeof actionKinds)[number]

/** An action that counts as a mitigation. */
export interface MitigatingAction {
  readonly action: ActionKind
  /** Name or pattern of an instance, a store or a link. */
  readonly target: string
  /** Only of `set`. */
  readonly settings?: Readonly<Record<string, string>>
  /** Only of `end-session`: a part of the session's latest statement. */
  readonly session?: string
}

/** A fault of the incident. */
export interface IncidentFault {
  readonly kind: string
  readonly target: string
  readonly params?: Readonly<Record<string, unknown>>
  /** Milliseconds after the start of the incident; a range: the seed decides. Absent: 0. */
  readonly afterMs?: number | readonly [min: number, max: number]
  /** One target after the other, as a rollout. Absent: all at once. */
  readonly oneByOne?: boolean
  /** The actions that end the fault on the targets that they name. Absent: only their real effect does. */
  readonly endedBy?: readonly ActionKind[]
  /** What the sessions of the fault call themselves in the store. */
  readonly application?: string
}

/** A place where something can be seen, and what is seen there. */
export interface ChainLink {
  /** Name or pattern. */
  readonly place: string
  readonly seen: string
}

/** A hidden incident: what is wrong, if anything, how it spreads, and what ends it. */
export interface Incident {
  /** A neutral word: lists and file names contain it, and it must not give the answer away. */
  readonly id: string
  /** For the debrief. */
  readonly title: string
  /** For the debrief: two or three sentences. */
  readonly story: string
  readonly faults: readonly IncidentFault[]
  /** A line that users read when the incident begins, such as the notice of a release. */
  readonly notice?: string
  /** Factor for the game day's traffic from the start of the incident on. Absent: 1. */
  readonly traffic?: number
  /** Null: nothing is wrong. */
  readonly cause: {
    /** Name or pattern. */
    readonly place: string
    /** Kind of fault. */
    readonly kind: string
  } | null
  /** How it spreads, from the cause to the customer. Empty: nothing is wrong. */
  readonly chain: readonly ChainLink[]
  /** What users of the sandbox can see. */
  readonly symptoms: readonly string[]
  /** Alternatives. Each of them is enough. Empty: nothing is wrong. */
  readonly mitigations: readonly {
    readonly actions: readonly MitigatingAction[]
    readonly why: string
  }[]
}

/** What a system offers for game days. */
export interface SystemGamedays {
  /** Operations per second of the traffic, by the name of their rate. */
  readonly traffic: Readonly<Record<string, number>>
  readonly incidents: readonly Incident[]
}
