import type { AskPayments } from '#services/api/seams.ts'
import { backoffMs } from '#services/lib/backoff.ts'

/** Requests in flight at once, per instance. */
const underWayMax = 20
/** The share of recent requests that must have succeeded before a retry is worthwhile. */
const healthyShare = 0.9

/**
 * Right, by another design without a circuit breaker: a bulkhead limits the requests in flight. It
 * retries only while nearly every request succeeds, because then a failure is an exception.
 * Otherwise each customer causes one request.
 */
export const askPayments: AskPayments = (limits, { now, sleep, random }) => {
  let underWay = 0
  let answered = 1

  async function once<T>(ask: (signal: AbortSignal) => Promise<T>): Promise<T> {
    if (underWay >= underWayMax) throw new Error('too many requests are waiting for payments')
    underWay += 1
    try {
      const answer = await ask(AbortSignal.timeout(limits.attemptTimeoutMs))
      answered = 0.9 * answered + 0.1
      return answer
    } catch (error) {
      answered *= 0.9
      throw error
    } finally {
      underWay -= 1
    }
  }

  return async (ask) => {
    const deadlineMs = now() + limits.deadlineMs
    for (let retry = 0; ; retry++) {
      const isWorthIt = answered >= healthyShare && retry + 1 < limits.attemptsMax
      try {
        return await once(ask)
      } catch (error) {
        const wait = { baseMs: limits.backoffMs, maxMs: limits.backoffMaxMs }
        const waitMs = backoffMs(wait, retry, random)
        if (!isWorthIt || now() + waitMs + limits.attemptTimeoutMs > deadlineMs) throw error
        await sleep(waitMs)
      }
    }
  }
}
