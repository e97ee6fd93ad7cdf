// RIGHT. An adaptive limit of calls in flight, and no retries at all (a quote may be incomplete, and one
// attempt per call cannot cause a storm). There is no limit while payments works; from three failures in a row
// it falls to one, so payments' queue drains, and every success doubles it until it is gone again.

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
const LIMIT_GONE_AT = 16

export const askPayments: AskPayments = (limits) => {
  let limit = Number.POSITIVE_INFINITY
  let inFlight = 0
  let failuresInARow = 0

  return async (ask) => {
    if (inFlight >= limit) throw new Error('payments does not keep up')
    inFlight += 1
    try {
      const answer = await attemptOnce(ask, Math.min(limits.attemptTimeoutMs, limits.deadlineMs))
      failuresInARow = 0
      limit *= 2
      if (limit >= LIMIT_GONE_AT) limit = Number.POSITIVE_INFINITY
      return answer
    } catch (error) {
      failuresInARow += 1
      if (failuresInARow >= FAILURES_MAX) limit = 1
      throw error
    } finally {
      inFlight -= 1
    }
  }
}
