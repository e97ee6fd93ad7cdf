/** What the client did and saw. The client's own history is the first source of truth. */

export type OperationKind = 'place-order' | 'browse' | 'quote' | 'read-order'

/**
 * `ok`: it happened. `fail`: it surely did not happen and never will. `unknown`: it may have happened, now or later
 * (a timeout, a reset, a 5xx without a promise).
 */
export type Outcome = 'ok' | 'fail' | 'unknown'

/** One HTTP request. A retry is another attempt of the same operation, with the same key. */
export interface Attempt {
  readonly instance: string
  readonly startMs: number
  readonly endMs: number
  /** HTTP status; absent when no answer came. */
  readonly status?: number
  /** The API's own error code in that answer: `sold-out`, `overloaded`. */
  readonly code?: string
  /** The answer promised that nothing happened and nothing will. */
  readonly definite?: boolean
  /** False: no byte of the request left the client (refused connection), so nothing can have happened. */
  readonly sent?: boolean
  /** `timeout`, `ECONNRESET` ... when no answer came. */
  readonly error?: string
  /** SHA-256 of the body of the answer, to judge "same key, same answer". */
  readonly answerHash?: string
}

export interface Operation {
  /** Number in the run, from 1. */
  readonly id: number
  readonly kind: OperationKind
  /**
   * Idempotency-Key of a place-order; every message that belongs to the order carries it. A duplicate submission is an
   * operation of its own with the same key.
   */
  readonly key?: string
  readonly orderId?: string
  readonly sku?: string
  readonly quantity?: number
  readonly amountCents?: number
  readonly outcome: Outcome
  /** Milliseconds since the run's workload began. */
  readonly startMs: number
  readonly endMs: number
  readonly attempts: readonly Attempt[]
  /**
   * What the client was told: the API's error code, the status of the order, or whether a quote was `complete` or
   * `incomplete`.
   */
  readonly answer?: string
  /** Marks operations with a role in the scenario: `hot`, `poison`, `huge`, `suspicious`, `duplicate`, `other-body`. */
  readonly tags: readonly string[]
}
