// WRONG. Breaks: "When payments works again, quotes are complete again: soon, and every time."
// When: payments is slow for every customer at once (the story itself). Backoff with full jitter and a
// deadline spread the attempts, but each customer still sends about three of them within 1.2 s: 60 requests
// per second for 35 of capacity. Payments' queue stays full after the fault. Helps against a single lost request.

import type { AskPayments } from '#services/api/seams.ts'

export const askPayments: AskPayments = (limits, { now, sleep, random }) => {
  return async (ask) => {
    const end = now() + limits.deadlineMs
    for (let attempt = 1; ; attempt++) {
      const left = Math.floor(end - now())
      try {
        return await ask(AbortSignal.timeout(Math.max(1, Math.min(left, limits.attemptTimeoutMs))))
      } catch (error) {
        if (attempt >= limits.attemptsMax) throw error
        const ceiling = Math.min(limits.backoffMaxMs, limits.backoffMs * 2 ** (attempt - 1))
        const pause = random() * ceiling
        if (now() + pause >= end) throw error
        await sleep(pause)
      }
    }
  }
}
