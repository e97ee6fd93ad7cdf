// WRONG. Breaks: "Quotes recover however long payments was slow" and "every time".
// When: payments is slow for longer than the 2.5 s that the breaker stays open, so the first trial fails.
// `trial` is only reset after a success, so after a failed trial nobody may try again: this instance never
// asks payments any more. The README's 1.4 s are over before the first trial.

import type { Ask, AskPayments } from '#services/api/seams.ts'

const FAILURES_MAX = 5
const OPEN_MS = 2_500

export const askPayments: AskPayments = (limits, { now, sleep, random }) => {
  let failures = 0
  let openUntil: number | undefined
  let trial = false

  async function attemptOnce<T>(ask: Ask<T>, timeoutMs: number): Promise<T> {
    if (openUntil !== undefined) {
      if (now() < openUntil || trial) throw new Error('payments is slow: the breaker is open')
      trial = true
    }
    try {
      const answer = await ask(AbortSignal.timeout(timeoutMs))
      failures = 0
      openUntil = undefined
      trial = false
      return answer
    } catch (error) {
      failures += 1
      if (failures >= FAILURES_MAX) openUntil = now() + OPEN_MS
      throw error
    }
  }

  return async (ask) => {
    const end = now() + limits.deadlineMs
    for (let attempt = 1; ; attempt++) {
      const left = Math.floor(end - now())
      try {
        return await attemptOnce(ask, Math.max(1, Math.min(left, limits.attemptTimeoutMs)))
      } catch (error) {
        if (attempt >= limits.attemptsMax || openUntil !== undefined) throw error
        const pause = limits.backoffMs * (0.5 + random())
        if (now() + pause >= end) throw error
        await sleep(pause)
      }
    }
  }
}
