// RIGHT. A retry budget (one retry per ten calls) bounds the load to 1.1 times the customers, and a breaker
// keeps the first attempts away from a payments that answers nobody, so its queue can drain even when it is
// hardly faster than the customers. A single trial at a time; the trial is over however it ends.

import type { Ask, AskPayments } from '#services/api/seams.ts'

/** One attempt that ends in time, even if `ask` does not react to its signal. */
function attemptOnce<T>(ask: Ask<T>, timeoutMs: number): Promise<T> {
  const controller = new AbortController()
  let timer: NodeJS.Timeout | undefined
  return new Promise<T>((resolve, reject) => {
    timer = setTimeout(() => {
      const tooLate = new Error(`payments did not respond within ${Math.round(timeoutMs)} ms`)
      controller.abort(tooLate)
      reject(tooLate)
    }, timeoutMs)
    ask(controller.signal).then(resolve, reject)
  }).finally(() => clearTimeout(timer))
}

const BUDGET_MAX = 5
const BUDGET_PER_CALL = 0.1
const FAILURES_MAX = 5
const OPEN_MS = 400

class BreakerOpen extends Error {}

export const askPayments: AskPayments = (limits, { now, sleep, random }) => {
  let budget = BUDGET_MAX
  let failuresInARow = 0
  let openUntil = 0
  let trialRunning = false

  async function guarded<T>(ask: Ask<T>, timeoutMs: number): Promise<T> {
    const open = failuresInARow >= FAILURES_MAX
    if (open && (trialRunning || now() < openUntil)) throw new BreakerOpen('the breaker is open')
    if (open) trialRunning = true
    try {
      const answer = await attemptOnce(ask, timeoutMs)
      failuresInARow = 0
      return answer
    } catch (error) {
      failuresInARow += 1
      if (failuresInARow >= FAILURES_MAX) openUntil = now() + OPEN_MS
      throw error
    } finally {
      if (open) trialRunning = false
    }
  }

  return async (ask) => {
    const end = now() + limits.deadlineMs
    budget = Math.min(BUDGET_MAX, budget + BUDGET_PER_CALL)
    for (let attempt = 1; ; attempt++) {
      try {
        return await guarded(ask, Math.min(limits.attemptTimeoutMs, end - now()))
      } catch (error) {
        if (error instanceof BreakerOpen || attempt >= limits.attemptsMax || budget < 1) throw error
        const ceiling = Math.min(limits.backoffMaxMs, limits.backoffMs * 2 ** (attempt - 1))
        const pause = ceiling * (0.5 + 0.5 * random())
        if (now() + pause >= end) throw error
        budget -= 1
        await sleep(pause)
        if (now() >= end) throw error
      }
    }
  }
}
