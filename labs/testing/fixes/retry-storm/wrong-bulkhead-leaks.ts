// Breaks: "When payments works again, quotes are complete again: soon, and every time."
// When: the hundredth failed call since the start. The number of calls in progress is counted down after a success only,
// so each failure takes a place forever. One or two short hiccups cost a few dozen places; after the third or fourth
// (or one long one) every quote is incomplete until a restart, and payments gets no request at all.
import type { AskPayments } from '#services/api/seams.ts'
import { createBreaker } from '#services/lib/breaker.ts'

/** More calls than this at once means that payments has stopped. */
const runningMax = 100

export const askPayments: AskPayments = (limits, { now }) => {
  const breaker = createBreaker({ failuresMax: 8, openMs: 400 }, now)
  let running = 0

  return async (ask) => {
    if (running >= runningMax || !breaker.allows()) throw new Error('payments is busy')
    running += 1
    try {
      const response = await ask(
        AbortSignal.timeout(Math.min(limits.attemptTimeoutMs, limits.deadlineMs)),
      )
      running -= 1
      breaker.succeeded()
      return response
    } catch (error) {
      breaker.failed()
      throw error
    }
  }
}
