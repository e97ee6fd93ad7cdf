import type { AskPayments } from '#services/api/seams.ts'
import { createBreaker } from '#services/lib/breaker.ts'

/**
 * Plausible: a breaker that stays open for long, as with the 30 s that a library has as its default (3 s here, where all
 * times are scaled down). Must fail availability (complete, after the faults): payments is spared, and long after it is
 * well again nobody asks it.
 */
export const askPayments: AskPayments = (limits, { now, sleep }) => {
  const breaker = createBreaker({ failuresMax: 5, openMs: 3_000 }, now)

  return async (ask) => {
    for (let attempt = 1; ; attempt++) {
      if (!breaker.allows()) throw new Error('payments is not asked for the moment')
      try {
        const answer = await ask(AbortSignal.timeout(limits.attemptTimeoutMs))
        breaker.succeeded()
        return answer
      } catch (error) {
        breaker.failed()
        if (attempt >= limits.attemptsMax) throw error
        await sleep(limits.backoffMs)
      }
    }
  }
}
