import type { AskPayments } from '#services/api/seams.ts'
import { backoffMs } from '#services/lib/backoff.ts'

/** Questions under way at once, of one instance. */
const underWayMax = 20
/** So much of what was asked lately must have been answered, for a second try to be worth it. */
const healthyShare = 0.9

/**
 * Right, by another design, and without a breaker: a bulkhead bounds what is under way, and only while payments answers
 * nearly always is a failure a stumble that is worth a second try. While it does not, everybody asks once.
 */
export const askPayments: AskPayments = (limits, { now, sleep, random }) => {
  let underWay = 0
  let answered = 1

  async function once<T>(ask: (signal: AbortSignal) => Promise<T>): Promise<T> {
    if (underWay >= underWayMax) throw new Error('too many wait for payments')
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
