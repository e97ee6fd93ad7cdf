// WRONG. Breaks: "A call ends within `deadlineMs`: all its attempts and the pauses between them together".
// When: an attempt starts shortly before the deadline. The deadline is checked before each attempt, but the
// attempt itself still gets the full `attemptTimeoutMs`: with a retry budget that allows it, a call can take
// up to deadlineMs + attemptTimeoutMs, 1.5 s instead of 1.2 s, and the customer waits for it.

import type { AskPayments } from '#services/api/seams.ts'

const BUDGET_MAX = 10
const BUDGET_PER_CALL = 0.1

export const askPayments: AskPayments = (limits, { now, sleep, random }) => {
  /** Retries that may be sent: one for every ten calls. */
  let budget = BUDGET_MAX

  return async (ask) => {
    const start = now()
    budget = Math.min(BUDGET_MAX, budget + BUDGET_PER_CALL)
    let last: unknown = new Error('no attempt was made')
    for (let attempt = 1; attempt <= limits.attemptsMax; attempt++) {
      if (now() - start >= limits.deadlineMs) break
      if (attempt > 1) {
        if (budget < 1) break
        budget -= 1
      }
      try {
        return await ask(AbortSignal.timeout(limits.attemptTimeoutMs))
      } catch (error) {
        last = error
        await sleep(limits.backoffMs * (0.5 + random()))
      }
    }
    throw last
  }
}
