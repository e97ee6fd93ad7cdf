// RIGHT. No clock for recovery: after three failures in a row one call at a time is the pilot, all others are
// rejected at once. An instance then sends at most one request per attempt timeout (about 3 per second), so
// payments' queue drains; the first pilot that succeeds opens the way for everybody. The pilot's place is
// given back in `finally`. Retries only while there was no other failure, so they cannot multiply the load.

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

const FAILURES_MAX = 3

export const askPayments: AskPayments = (limits, { now, sleep, random }) => {
  let failuresInARow = 0
  let piloted = false

  async function attemptAsPilot<T>(ask: Ask<T>, timeoutMs: number): Promise<T> {
    const troubled = failuresInARow >= FAILURES_MAX
    if (troubled && piloted) throw new Error('payments does not respond; another call tries it')
    if (troubled) piloted = true
    try {
      const answer = await attemptOnce(ask, timeoutMs)
      failuresInARow = 0
      return answer
    } catch (error) {
      failuresInARow += 1
      throw error
    } finally {
      if (troubled) piloted = false
    }
  }

  return async (ask) => {
    const end = now() + limits.deadlineMs
    for (let attempt = 1; ; attempt++) {
      try {
        return await attemptAsPilot(ask, Math.min(limits.attemptTimeoutMs, end - now()))
      } catch (error) {
        if (attempt >= limits.attemptsMax || failuresInARow > 1) throw error
        const pause = Math.min(limits.backoffMaxMs, limits.backoffMs) * (0.5 + 0.5 * random())
        if (now() + pause >= end) throw error
        await sleep(pause)
        if (now() >= end || failuresInARow > 1) throw error
      }
    }
  }
}
