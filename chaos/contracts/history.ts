/** What the clients of a run sent and received: the first source of truth. */
export type History = readonly Operation[]

/** The name of a kind of operation of the system: `browse`. */
export type OperationKind = string

/**
 * `ok`: it happened. `fail`: it did not happen and never will. `unknown`: it may have happened, or may happen later (a
 * timeout, a reset, a 5xx response that does not rule it out).
 */
export type Outcome = 'ok' | 'fail' | 'unknown'

/** One HTTP request. A retry is a further attempt of the same operation, with the same key. */
export interface Attempt {
  readonly instance: string
  readonly startMs: number
  readonly endMs: number
  /** HTTP status; absent without a response. */
  readonly status?: number
  /** The API's error code in the response: `sold-out`, `overloaded`. */
  readonly code?: string
  /** True: the response states that nothing happened and nothing will. */
  readonly definite?: boolean
  /** False: no byte of the request left the client (connection refused), so nothing can have happened. */
  readonly sent?: boolean
  /** Why there is no response: `timeout`, `ECONNRESET` ... */
  readonly error?: string
  /** SHA-256 of the response body, to judge "same key, same response". */
  readonly answerHash?: string
  /** The JSON object of a success response: what the shop claims. Absent if there is none, or if it is above 4 KB. */
  readonly body?: Readonly<Record<string, unknown>>
}

/**
 * The response states that nothing happened and nothing will. The API's `definite` decides. Without it, a 4xx is definite and a
 * 5xx is not: that is always a safe answer.
 */
export function isDefiniteRefusal({ status, definite }: Attempt): boolean {
  return status !== undefined && status >= 400 && (definite ?? status < 500)
}

/** Tag of both operations of a pair that is sent at the same moment with the same key. */
export const duplicateTag = 'duplicate'

/** Tag of the first operations of a run. The system is cold, so only what must never happen is judged in them. */
export const warmUpTag = 'warm-up'

/** One operation of a client, with all its attempts. A system adds what was requested and received. */
export interface Operation {
  /** Number in the run, from 1. */
  readonly id: number
  readonly kind: OperationKind
  /**
   * Idempotency-Key. Every message that belongs to the operation carries it. A duplicate submission is a second operation with
   * the same key.
   */
  readonly key?: string
  /** The id that the system gave to what the operation changed or read. Check results can contain it. */
  readonly orderId?: string
  readonly outcome: Outcome
  /** Milliseconds since the workload of the run began. */
  readonly startMs: number
  readonly endMs: number
  readonly attempts: readonly Attempt[]
  /** From the last response: the API's error code, or what a success says in one word. */
  readonly answer?: string
  /** The roles of the operation in the scenario: {@link duplicateTag}, {@link warmUpTag}, or a role of the system. */
  readonly tags: readonly string[]
}
