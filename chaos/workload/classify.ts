import { isDefiniteRefusal } from '#chaos/contracts/history.ts'
import type { Attempt, Outcome } from '#chaos/contracts/history.ts'

/** `answered`: success. `refused`: a definite refusal. `not-sent`: no byte left the client. `unknown`: anything may have happened. */
export type AttemptResult = 'answered' | 'refused' | 'not-sent' | 'unknown'

/** The result of one attempt. Unknown is always a safe answer. */
export function classifyAttempt(attempt: Attempt): AttemptResult {
  if (attempt.status === undefined) return attempt.sent === false ? 'not-sent' : 'unknown'
  if (attempt.status < 400) return 'answered'
  return isDefiniteRefusal(attempt) ? 'refused' : 'unknown'
}

/**
 * The outcome of an operation. One success makes it `ok`, whatever the other attempts returned. It is `fail` only if no attempt
 * is unknown: a refusal says nothing about an earlier attempt whose response was lost. An operation that changes nothing is
 * never unknown.
 */
export function classifyOperation(changes: boolean, attempts: readonly Attempt[]): Outcome {
  const results = attempts.map((attempt) => classifyAttempt(attempt))
  if (results.includes('answered')) return 'ok'
  if (!changes || !results.includes('unknown')) return 'fail'
  return 'unknown'
}
