import type { Clock } from '#chaos/lib/clock.ts'

import type { Attempt, Operation } from './history.ts'
import type { DirectAddresses } from './runtime.ts'

/** The sources of truth of a system. */
export interface SystemTruth<Truth = unknown> extends TruthDescription {
  /** Connects at the first read, and again after a store restarts. `clock`: for the time of a snapshot. */
  open(addresses: DirectAddresses, clock: Clock): TruthReader<Truth>
}

/** Reads the sources of truth of a system directly and never through a link. */
export interface TruthReader<Truth = unknown> extends AsyncDisposable {
  /**
   * Reads every source. Throws if a source cannot be read: a partial snapshot would be wrong. `received`: what clients
   * received. The reader may need it to ask a source the right question.
   */
  read(signal?: AbortSignal, received?: readonly ReceivedResponses[]): Promise<Truth>
  /** Whether the work with this key of the client has come to its end: no source will change it any more. */
  isFinal(key: string): Promise<boolean>
  /** Cheap figures for the live view. */
  counters(signal?: AbortSignal): Promise<TruthCounters>
  /** The figures of every source that can be read. A source that has not responded when the signal aborts is `unread`. */
  partialCounters(signal?: AbortSignal): Promise<PartialCounters>
}

/** The responses to one operation. */
export interface ReceivedResponses extends Pick<Operation, 'kind'> {
  readonly attempts: readonly Pick<Attempt, 'body'>[]
}

/** Figures by name. {@link TruthDescription} says what each one counts. */
export type TruthCounters = Readonly<Record<string, number>>

export interface PartialCounters {
  readonly counters: TruthCounters
  /** `source` is a name of {@link TruthDescription.sources}. */
  readonly unread: readonly { readonly source: string; readonly error: string }[]
}

/** The sources of truth of a system and their counters, in words. */
export interface TruthDescription {
  /** Names in error messages: `Postgres`. */
  readonly sources: readonly string[]
  /** In the order of tables. */
  readonly counters: readonly CounterDescription[]
  /** Counters that must be 0 when the system is settled. `noun`: one of what it counts; the plural adds an `s`. */
  readonly inFlight: readonly { readonly counter: string; readonly noun: string }[]
  /** Counters that must be equal when the system is settled. Absent: none. */
  readonly equal?: readonly string[]
}

export interface CounterDescription {
  readonly name: string
  /** Where the figure comes from, in a table: `Postgres`. */
  readonly source: string
  /** What it counts, in a table: `jobs to send`. */
  readonly what: string
}
