/**
 * What happened to one flow of a run, in the shop: one order. The page, the report, a slide and the terminal draw it as a
 * space-time diagram. All times are milliseconds on the clock of the run: 0 is when its clients sent the first request.
 */
export interface FlowRecord {
  /** The client's key, which every message of the flow carries: `o-7f-000014`. */
  readonly id: string
  /** In words of the system: `order o-7f-000014`. */
  readonly title: string
  readonly fromMs: number
  readonly toMs: number
  /** The lines of the diagram, from the client inwards. */
  readonly lanes: readonly FlowLane[]
  readonly messages: readonly FlowMessage[]
  readonly attempts: readonly FlowAttempt[]
  readonly faults: readonly FlowFault[]
  readonly gaps: readonly FlowGap[]
  /** What each source of truth holds about the flow, over time. */
  readonly holdings: readonly FlowHolding[]
  /** False: the recording was full, or it missed messages. `incompleteBecause` says which. */
  readonly isComplete: boolean
  readonly incompleteBecause?: string
}

export interface FlowLane {
  /** `client`, or the name of an instance or a store: `api-1`, `postgres`. */
  readonly name: string
  readonly kind: 'client' | 'instance' | 'store'
}

/** A request or a reply. */
export interface FlowMessage {
  /** Request and reply of one exchange share it. */
  readonly exchange: string
  readonly part: 'request' | 'reply'
  readonly link: string
  readonly from: string
  readonly to: string
  /** The name on the arrow: `COMMIT`, `bullmq addJob`, `POST /charges`; of a reply its status: `201`, `OK`. */
  readonly text: string
  /** A short excerpt of the content. */
  readonly summary?: string
  readonly sentMs: number
  /** Absent: it never arrived. */
  readonly arrivedMs?: number
  /** Why it never arrived, or what a fault changed: `cut by the trap`. */
  readonly fault?: string
  /**
   * Only with a fault-free flow to compare with. `same`: that flow has this message as well. `new`: it does not.
   * `missing` messages are in {@link FlowComparison.missing}.
   */
  readonly differs?: 'same' | 'new'
}

/** One attempt of the client's operation. */
export interface FlowAttempt {
  readonly operation: string
  readonly instance: string
  readonly startMs: number
  readonly endMs: number
  /** `201`, `503 busy`, `timeout`. */
  readonly result: string
  readonly outcome: 'ok' | 'fail' | 'unknown'
}

/** A fault or a trap, drawn where it struck. */
export interface FlowFault {
  readonly label: string
  /** The link, the instance or the store. */
  readonly on: string
  readonly fromMs: number
  /** Equal to `fromMs` for a trap. */
  readonly toMs: number
}

/** A time in which an instance or a store did not run. */
export interface FlowGap {
  readonly lane: string
  readonly what: 'down' | 'paused' | 'starting'
  readonly fromMs: number
  readonly toMs: number
  readonly isPlanned: boolean
}

/** From this time on, a source of truth holds this. */
export interface FlowHolding {
  /** `client`, `postgres`, `queue`, `payments`. */
  readonly source: string
  readonly atMs: number
  readonly text: string
  /** A contradiction with the other sources, as a check found it. */
  readonly isWrong?: boolean
}

/** The same flow beside a run without faults. */
export interface FlowComparison {
  readonly flow: FlowRecord
  readonly faultFree: FlowRecord
  /** Messages of the fault-free flow that this one does not have. */
  readonly missing: readonly FlowMessage[]
}

/** The flow itself, also of a comparison. */
export function flowOf(drawn: FlowRecord | FlowComparison): FlowRecord {
  return 'flow' in drawn ? drawn.flow : drawn
}

/** A flow in the list of a run's flows. */
export interface FlowSummary {
  readonly id: string
  readonly title: string
  /** Other ids by which checks name it. */
  readonly names: readonly string[]
  /** How it ended, in a few words. */
  readonly result: string
  /** When its client sent the first request. */
  readonly atMs: number
  /** A violated check names it. */
  readonly isFailing: boolean
}

/** The flows of a run, in the sequence in which they began. */
export interface FlowList {
  readonly flows: readonly FlowSummary[]
  /** False: the recording was full. `incompleteBecause` says when. */
  readonly isComplete: boolean
  readonly incompleteBecause?: string
}

/** What is known about a recording before a message is found in it. */
export interface RecordingHead {
  /**
   * `traffic`: the bytes that passed on the links follow. `recording`: the messages follow, as earlier
   * versions wrote them.
   */
  readonly type: 'recording' | 'traffic'
  /** Of the bytes that follow. 1: those of `chaos/proxy/recording/records.ts`. */
  readonly v?: 1
  /** How many bytes follow: a file with less is not whole. */
  readonly bytes?: number
  /** Milliseconds on the data plane's clock, which every message has. */
  readonly linksMs: number
  /** The time stamp of the journal at that moment. */
  readonly journalMs: number
  /** Messages, or chunks of bytes, that found the recording full. */
  readonly missed: number
  /** On the data plane's clock: the first of them. */
  readonly fullMs?: number
}
