// WRONG. Breaks: "An attempt ends after `attemptTimeoutMs` at the latest".
// When: payments is silent. The caller stops waiting after the timeout, but the signal that the attempt was
// given is never aborted: the request and its connection stay open as long as payments stays silent. During
// a long outage they pile up (a slow leak of sockets); a late reply goes to nobody.

import type { Ask, AskPayments } from '#services/api/seams.ts'

const FAILURES_MAX = 5
const OPEN_MS = 500

export const askPayments: AskPayments = (limits, { now }) => {
  let failures = 0
  let openUntil = 0
  let trial = false

  async function inTime<T>(ask: Ask<T>, timeoutMs: number): Promise<T> {
    const controller = new AbortController()
    let timer: NodeJS.Timeout | undefined
    const tooLate = new Promise<never>((_resolve, reject) => {
      timer = setTimeout(() => reject(new Error('payments did not respond in time')), timeoutMs)
    })
    try {
      return await Promise.race([ask(controller.signal), tooLate])
    } finally {
      clearTimeout(timer)
    }
  }

  // No retries: the breaker lets one call at a time find out whether payments works again.
  return async (ask) => {
    const tripped = failures >= FAILURES_MAX
    if (tripped && (trial || now() < openUntil)) throw new Error('the breaker is open')
    if (tripped) trial = true
    try {
      const answer = await inTime(ask, Math.min(limits.attemptTimeoutMs, limits.deadlineMs))
      failures = 0
      return answer
    } catch (error) {
      failures += 1
      openUntil = now() + OPEN_MS
      throw error
    } finally {
      if (tripped) trial = false
    }
  }
}
