import type { AskPayments } from '#services/api/seams.ts'
import { backoffMs } from '#services/lib/backoff.ts'

/**
 * Plausible, and recommended in most articles: exponential backoff with full jitter. Fails
 * `availability` (complete quotes, after the faults): new customers keep arriving, and each still
 * causes four requests. Their sequence does not matter.
 */
export const askPayments: AskPayments = (limits, { sleep, random }) => {
  return async (ask) => {
    for (let retry = 0; ; retry++) {
      try {
        return await ask(AbortSignal.timeout(limits.attemptTimeoutMs))
      } catch (error) {
        if (retry + 1 >= limits.attemptsMax) throw error
        const limitsOfWait = { baseMs: limits.backoffMs, maxMs: limits.backoffMaxMs }
        await sleep(backoffMs(limitsOfWait, retry, random))
      }
    }
  }
}
