import type { ActiveFault } from './fault.ts'
import type { Operation, OperationKind, Outcome } from './history.ts'
import type { ExchangeEvent, LinkEvent, LinkHealth, TrapEvent } from './links.ts'
import type { InstanceEvent } from './runtime.ts'
import type { TruthCounters } from './truth.ts'
import type { CheckResult, Verdict } from './verdict.ts'

/** The phases of a run, in order. */
export const phases = [
  'prepare', // new books, the right code in every seam, everything ready
  'steady-state', // the happy path must hold before the first fault
  'faults', // the load and the scenario's method
  'heal', // every fault healed, every instance up
  'recovery', // poll until everything is settled, up to a deadline
  'final-reads',
  'checks',
  'sweep', // a fault at each message of the judged code, if everything before held
] as const
export type Phase = (typeof phases)[number]

export interface FaultEvent {
  readonly type: 'fault'
  readonly what: 'injected' | 'healed' | 'failed'
  readonly fault: ActiveFault
  /**
   * Only of `healed`: what ended the fault. `over`: its planned duration. `lease`: its lease, before the planned end.
   * `links-reset`: the data plane restarted, or healed itself because the heartbeat stopped.
   */
  readonly reason?: 'asked' | 'over' | 'lease' | 'halt' | 'run-ended' | 'links-reset'
  /** Only of `healed`: what {@link InjectedFault.work} says at that time. */
  readonly work?: { readonly what: string; readonly interrupted: boolean }
  /** Only of `failed`: why it could not be injected or healed. */
  readonly error?: string
}

export interface HaltEvent {
  readonly type: 'halt'
  readonly what: 'halted' | 'lifted'
  readonly undone: readonly string[]
  readonly couldNotUndo: readonly { readonly what: string; readonly error: string }[]
  /** Instances that were still starting when the halt ended. Absent: none. */
  readonly starting?: readonly string[]
}

export interface RunEvent {
  readonly type: 'run'
  readonly what: 'started' | 'ended'
  readonly title: string
  readonly seed: number
  readonly verdict?: Verdict
}

export interface PhaseEvent {
  readonly type: 'phase'
  readonly phase: Phase
  readonly what: 'began' | 'ended'
  /** The longest time the phase may take, for a countdown. */
  readonly limitMs?: number
  /** The result of the phase in a few words: `settled after 1.2s`. */
  readonly detail?: string
  /** Only of the start of the steady state: the journal's time stamp (`ms`) at 0 ms of the client's history. */
  readonly zeroMs?: number
}

export interface OperationEvent {
  readonly type: 'operation'
  readonly operation: Operation
}

export interface CheckEvent {
  readonly type: 'check'
  readonly check: CheckResult
}

/**
 * Live figures, once a second during a run or while a client reads the event stream. Counts cover the time since the last
 * such event. Outside of runs, `truth` may be ten seconds old while nothing happens.
 */
export interface FiguresEvent {
  readonly type: 'figures'
  readonly operations: readonly {
    readonly kind: OperationKind
    readonly outcome: Outcome
    readonly count: number
  }[]
  readonly links: readonly {
    readonly link: string
    readonly connections: number
    readonly bytesUpstream: number
    readonly bytesDownstream: number
    /** Absent: no page watches, so the exchanges are not counted. */
    readonly exchanges?: LinkHealth
  }[]
  /** What instances report about themselves, while a page watches. Absent or without an instance: not known. */
  readonly instances?: readonly {
    readonly instance: string
    /** Values of `SystemPage.gauges`, by their text. */
    readonly gauges: Readonly<Record<string, number>>
  }[]
  readonly truth?: TruthCounters
}

/** An X-ray in the runs folder has begun, has new cells, or has ended. Published while a client reads the event stream. */
export interface XrayEvent {
  readonly type: 'xray'
  readonly id: string
  readonly state: 'running' | 'done' | 'stopped' | 'failed'
  /** The current step before the first cell is done. */
  readonly status: string
  readonly done: number
  readonly total: number
  readonly leftMs?: number
  /** The cells of its xray.json that are new since the last event, without their history. */
  readonly cells: readonly { readonly id: string; readonly result: string }[]
}

/** A learner's file changed on disk, by this controller or by another program. Published while a client reads the event stream. */
export interface LabFileEvent {
  readonly type: 'lab-file'
  readonly lab: string
  readonly seam: string
  /** SHA-256 of the text, in hexadecimal. Null: the file is gone. */
  readonly version: string | null
}

/** Something about the workshop changed: `GET /api/workshop` has it. */
export interface WorkshopChangedEvent {
  readonly type: 'workshop'
}

/** A message for users. */
export interface NoteEvent {
  readonly type: 'note'
  readonly level: 'info' | 'warning' | 'error'
  readonly text: string
}

/** Everything that an event can report. A journal line, a server-sent event and a row of a report are the same object. */
export type EventPayload =
  | InstanceEvent
  | LinkEvent
  | TrapEvent
  | ExchangeEvent
  | FaultEvent
  | HaltEvent
  | RunEvent
  | PhaseEvent
  | OperationEvent
  | CheckEvent
  | FiguresEvent
  | NoteEvent
  | XrayEvent
  | LabFileEvent
  | WorkshopChangedEvent

/** When an event happened. */
export interface EventStamp {
  /** Number in the stream of this controller, from 1; also the id of the server-sent event. */
  readonly seq: number
  /** ISO 8601. */
  readonly at: string
  /** Monotonic milliseconds since the controller started. */
  readonly ms: number
  /** Id of the run during which it happened. */
  readonly run?: string
}

export type SandboxEvent = EventStamp & EventPayload
