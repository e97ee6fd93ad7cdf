import type { CheckResult, Verdict } from './check.ts'
import type { ActiveFault } from './fault.ts'
import type { Operation, OperationKind, Outcome } from './history.ts'
import type { ExchangeEvent, LinkEvent, TrapEvent } from './links.ts'
import type { InstanceEvent } from './runtime.ts'
import type { TruthCounters } from './truth.ts'

/** The phases of a run, in order. */
export const phases = [
  'prepare', // fresh books, the right code in every seam, everything ready
  'steady-state', // the happy path must hold before anything is broken
  'faults', // load, and the scenario's method
  'heal', // every fault undone, every instance up
  'recovery', // poll until the system is quiet, to a deadline
  'final-reads',
  'checks',
] as const
export type Phase = (typeof phases)[number]

export interface FaultEvent {
  readonly type: 'fault'
  readonly what: 'injected' | 'healed' | 'failed'
  readonly fault: ActiveFault
  /** Healed: what ended it; `over`: it lasted as long as it was to last. Failed: why. */
  readonly reason?: 'asked' | 'over' | 'lease' | 'halt' | 'run-ended'
  readonly error?: string
}

export interface HaltEvent {
  readonly type: 'halt'
  readonly what: 'halted' | 'lifted'
  readonly undone: readonly string[]
  readonly couldNotUndo: readonly { readonly what: string; readonly error: string }[]
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
  /** How long it may last at most, for a countdown. */
  readonly limitMs?: number
  readonly detail?: string
}

export interface OperationEvent {
  readonly type: 'operation'
  readonly operation: Operation
}

export interface CheckEvent {
  readonly type: 'check'
  readonly check: CheckResult
}

/** Live figures, once a second while something looks or runs. */
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
  }[]
  readonly truth?: TruthCounters
}

/** An X-ray in the runs folder has begun, has new cells, or has ended; whoever makes it. While somebody looks. */
export interface XrayEvent {
  readonly type: 'xray'
  readonly id: string
  readonly state: 'running' | 'done' | 'stopped' | 'failed'
  /** What it is doing before there are cells. */
  readonly status: string
  readonly done: number
  readonly total: number
  readonly leftMs?: number
  /** New since the last event: the cells of its xray.json, without their history. */
  readonly cells: readonly { readonly id: string; readonly result: string }[]
}

export interface NoteEvent {
  readonly type: 'note'
  readonly level: 'info' | 'warning' | 'error'
  readonly text: string
}

/** Everything that can happen. A journal line, a server-sent event and a row of a report are the same object. */
export type Happening =
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

export interface Stamp {
  /** Number in the stream of this controller, from 1: also the server-sent event's id. */
  readonly seq: number
  /** ISO 8601. */
  readonly at: string
  /** Monotonic milliseconds since the controller started. */
  readonly ms: number
  /** The run during which it happened. */
  readonly run?: string
}

export type SandboxEvent = Stamp & Happening
