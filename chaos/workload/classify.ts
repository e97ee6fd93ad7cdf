import type { Attempt, OperationKind, Outcome } from '#chaos/contracts/history.ts'

/** `answered` and `refused` are final; after the others the client does not know, or knows that nothing was sent. */
export type AttemptResult = 'answered' | 'refused' | 'not-sent' | 'unknown'

/**
 * What one attempt tells the client. The API's `definite` flag decides about errors; without it a 4xx is a promise that
 * nothing happened, and a 5xx is not. When in doubt it is unknown: that is always safe.
 */
export function classifyAttempt(attempt: Attempt): AttemptResult {
  if (attempt.status === undefined) return attempt.sent === false ? 'not-sent' : 'unknown'
  if (attempt.status < 400) return 'answered'
  if (attempt.definite !== undefined) return attempt.definite ? 'refused' : 'unknown'
  return attempt.status < 500 ? 'refused' : 'unknown'
}

/**
 * What an operation came to. One answer acknowledges, whatever attempts before it met. It surely did not happen only if
 * every attempt says so: a refusal tells nothing about an earlier attempt whose answer was lost. What has no effect
 * (reading, quoting) is never unknown.
 */
export function classifyOperation(kind: OperationKind, attempts: readonly Attempt[]): Outcome {
  const results = attempts.map((attempt) => classifyAttempt(attempt))
  if (results.includes('answered')) return 'ok'
  if (kind !== 'place-order' || !results.includes('unknown')) return 'fail'
  return 'unknown'
}
