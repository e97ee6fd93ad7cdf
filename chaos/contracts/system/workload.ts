import type { TProperties, TSchema } from 'typebox'

import type { Random } from '#chaos/lib/random.ts'

import type { Attempt, Operation, OperationKind } from '../history.ts'
import type { Workload } from '../scenario.ts'

/** What clients send to a system, and what a scenario can say about it. */
export interface SystemWorkload<Own extends Workload = Workload, Truth = unknown> {
  /** Plans a load. The same seed plans the same load. `tag` is part of every key: two loads never share a key. */
  plan(workload: Own, random: Random, tag: string): PlannedLoad
  /** Keys of a scenario's `workload:` in addition to the rates, `duration`, `afterSteps` and `client`. Absent: none. */
  readonly keys?: TProperties
  /**
   * Adds the values of these keys to a workload. Calls `refuse` for an error that the schema cannot express. Absent: it has no
   * values of its own.
   */
  build?(workload: Workload, file: Readonly<Record<string, unknown>>, refuse: RefuseKey): Own
  /** Adds the own values for traffic outside of runs. Absent: it has none. */
  traffic?(workload: Workload): Own
  /** The load before the first fault, without operations that cause failures themselves. Absent: the same as with faults. */
  steady?(workload: Own): Own
  /**
   * The first load, for a cold system. It must change as little data as possible, because a scenario may count on the data.
   * Absent: the steady one.
   */
  warmUp?(workload: Own, truth: Truth): Own
  /** Throws an `InputError` if the workload names something that the system does not have. `truth`: before the load. */
  check?(workload: Own, truth: Truth): void
  /** Special operations that a variant of a scenario may add. Absent: none. */
  readonly special?: SpecialOperations
}

/** The key is in `workload:`. `message` is the rest of a sentence that begins with its path. Never returns. */
export type RefuseKey = (key: string, message: string, remedy: string) => never

export interface SpecialOperations {
  /** Key of a variant, with its schema. */
  readonly key: string
  readonly schema: TSchema
  /** The workload of a scenario file with the special operations of a variant that begins at `fromMs`. */
  add(
    workload: Readonly<Record<string, unknown>>,
    special: Readonly<Record<string, unknown>>,
    fromMs: number,
  ): Readonly<Record<string, unknown>>
}

/** One arrival, planned before the load starts. */
export interface PlannedOperation {
  readonly kind: OperationKind
  /** Milliseconds after the load starts. */
  readonly atMs: number
  /** Idempotency-Key: `o-7f-17`, a form that the data plane finds in messages. Every message of the operation carries it. */
  readonly key?: string
  readonly tags: readonly string[]
}

export interface PlannedLoad {
  /** In time order. */
  readonly operations: readonly PlannedOperation[]
  /** Called at the time of the operation. Undefined: there is nothing to request yet, so the operation is left out. */
  start(planned: PlannedOperation): StartedOperation | undefined
  /** Called when an operation has ended. */
  onEnd?(operation: Operation): void
}

export interface StartedOperation {
  readonly request: ClientRequest
  /**
   * What the client requested and learned from its last response, as further fields of the history. Absent: only the code of a
   * refusal, as the answer. Without a response there is neither a body nor headers.
   */
  readonly read?: (
    last: Attempt | undefined,
    body: unknown,
    headers: ResponseHeaders | undefined,
  ) => Partial<Operation>
}

/** The headers of a response. The names are in lower case. */
export type ResponseHeaders = Readonly<Record<string, string | string[] | undefined>>

/** One HTTP request as the client writes it. */
export interface ClientRequest {
  readonly method: 'GET' | 'POST'
  readonly path: string
  readonly headers: Readonly<Record<string, string>>
  readonly body?: string
}
