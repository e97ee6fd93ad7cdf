// WRONG. Breaks: "While payments works, every call is sent."
// When: single attempts fail now and then (one lost packet per minute), and the retry succeeds. A success
// does not reset the breaker's counter, so the tenth failure of the day opens it for two seconds although
// payments works: those customers get incomplete quotes for no reason.

import type { Ask, AskPayments } from '#services/api/seams.ts'

const FAILURES_MAX = 10
const OPEN_MS = 2_000

export const askPayments: AskPayments = (limits, { now, sleep, random }) => {
  let failures = 0
  let openUntil = 0
  let trial = false

  function allow(): 'yes' | 'trial' | 'no' {
    if (failures < FAILURES_MAX) return 'yes'
    return now() < openUntil || trial ? 'no' : 'trial'
  }

  async function attemptOnce<T>(ask: Ask<T>, timeoutMs: number): Promise<T> {
    const allowed = allow()
    if (allowed === 'no') throw new Error('the breaker is open')
    if (allowed === 'trial') trial = true
    try {
      const answer = await ask(AbortSignal.timeout(timeoutMs))
      // The trial succeeded: close the breaker.
      if (allowed === 'trial') failures = 0
      return answer
    } catch (error) {
      failures += 1
      if (failures >= FAILURES_MAX) openUntil = now() + OPEN_MS
      throw error
    } finally {
      if (allowed === 'trial') trial = false
    }
  }

  return async (ask) => {
    const end = now() + limits.deadlineMs
    for (let attempt = 1; ; attempt++) {
      const left = Math.floor(end - now())
      try {
        return await attemptOnce(ask, Math.max(1, Math.min(left, limits.attemptTimeoutMs)))
      } catch (error) {
        if (attempt >= limits.attemptsMax || allow() !== 'yes') throw error
        const pause = limits.backoffMs * (0.5 + random())
        if (now() + pause >= end) throw error
        await sleep(pause)
      }
    }
  }
}
