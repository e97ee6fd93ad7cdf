// WRONG. Breaks: "Quotes recover however long payments was slow, if payments can process a few requests per
// second more than customers send."
// When: payments can process 25 requests per second instead of 35. Every failed attempt is retried with
// probability 0.4: at most 20 x 1.62 = 32 per second, which is below the README's 35 and above 25. The
// queue then stays full and no quote is complete for as long as customers come.

import type { AskPayments } from '#services/api/seams.ts'

const RETRY_SHARE = 0.4

export const askPayments: AskPayments = (limits, { now, sleep, random }) => {
  return async (ask) => {
    const start = now()
    for (let attempt = 1; ; attempt++) {
      const left = Math.floor(limits.deadlineMs - (now() - start))
      try {
        return await ask(AbortSignal.timeout(Math.max(1, Math.min(left, limits.attemptTimeoutMs))))
      } catch (error) {
        if (attempt >= limits.attemptsMax || random() >= RETRY_SHARE) throw error
        const pause = limits.backoffMs * (0.5 + random())
        if (now() - start + pause >= limits.deadlineMs) throw error
        await sleep(pause)
      }
    }
  }
}
