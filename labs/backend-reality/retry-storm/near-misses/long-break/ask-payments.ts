import type { AskPayments } from '#services/api/seams.ts'
import { createBreaker } from '#services/lib/breaker.ts'

/**
 * Plausible: a circuit breaker that stays open for a long time, such as 30 s, the default of a
 * library (3 s here, because all times are scaled down). Fails `availability` (complete quotes,
 * after the faults): it protects payments, but long after payments works again the API still sends
 * no request.
 */
export const askPayments: AskPayments = (limits, { now, sleep }) => {
  const breaker = createBreaker({ failuresMax: 5, openMs: 3_000 }, now)

  return async (ask) => {
    for (let attempt = 1; ; attempt++) {
      if (!breaker.allows()) throw new Error('the circuit breaker is open')
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
