import { backoffMs } from '#services/lib/backoff.ts'
import { createBreaker } from '#services/lib/breaker.ts'
import { createRetryBudget } from '#services/lib/retry-budget.ts'

import type { AskPayments } from '../seams.ts'

/**
 * Retries a little and never adds much load to a payments that has problems. The budget limits
 * retries to a tenth of the calls, full jitter spreads them, and the breaker stops the calls when
 * no response comes back.
 */
export const askPayments: AskPayments = (limits, { now, sleep, random }) => {
  const budget = createRetryBudget({ share: 0.1, savedMax: 5 })
  const breaker = createBreaker({ failuresMax: 10, openMs: 1_000 }, now)

  return async (ask) => {
    const deadlineMs = now() + limits.deadlineMs
    budget.deposit()
    for (let retry = 0; ; retry++) {
      if (!breaker.allows())
        throw new Error('the breaker is open: payments is not called at the moment')
      try {
        const timeoutMs = Math.max(1, Math.min(limits.attemptTimeoutMs, deadlineMs - now()))
        const answer = await ask(AbortSignal.timeout(Math.ceil(timeoutMs)))
        breaker.succeeded()
        return answer
      } catch (error) {
        breaker.failed()
        const waitMs = backoffMs(
          { baseMs: limits.backoffMs, maxMs: limits.backoffMaxMs },
          retry,
          random,
        )
        const isLast = retry + 1 >= limits.attemptsMax || now() + waitMs >= deadlineMs
        if (isLast || !budget.withdraw()) throw error
        await sleep(waitMs)
      }
    }
  }
}
