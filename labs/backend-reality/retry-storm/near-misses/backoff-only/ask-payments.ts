import type { AskPayments } from '#services/api/seams.ts'
import { backoffMs } from '#services/lib/backoff.ts'

/**
 * Plausible, and what most articles say: exponential backoff with full jitter. Must fail availability (complete, after the
 * faults): customers keep coming, each still brings four questions, and it does not matter in which order they arrive.
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
