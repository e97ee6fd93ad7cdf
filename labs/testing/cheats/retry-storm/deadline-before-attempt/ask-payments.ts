// Breaks "A call ends within `deadlineMs`". The deadline is compared before each attempt, but the attempt has its full
// timeout: a call takes up to deadlineMs + attemptTimeoutMs.
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
