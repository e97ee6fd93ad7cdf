// WRONG. Breaks: "While payments works, every call is sent."
// When: more than three calls of one instance overlap while payments works: a burst of customers, or a
// payments with more capacity. "Payments has 3 slots" was taken from the README as the limit of calls in
// flight; the others are rejected without being sent, and those quotes are incomplete for no reason.

import type { AskPayments } from '#services/api/seams.ts'

/** Payments has three slots. More requests than that would only wait in its queue. */
const IN_FLIGHT_MAX = 3
const BUDGET_MAX = 5
const BUDGET_PER_CALL = 0.1

export const askPayments: AskPayments = (limits, { now, sleep, random }) => {
  let inFlight = 0
  let budget = BUDGET_MAX

  return async (ask) => {
    if (inFlight >= IN_FLIGHT_MAX) throw new Error('payments is busy')
    inFlight += 1
    budget = Math.min(BUDGET_MAX, budget + BUDGET_PER_CALL)
    const end = now() + limits.deadlineMs
    try {
      for (let attempt = 1; ; attempt++) {
        const left = Math.floor(end - now())
        try {
          return await ask(AbortSignal.timeout(Math.max(1, Math.min(left, limits.attemptTimeoutMs))))
        } catch (error) {
          if (attempt >= limits.attemptsMax || budget < 1) throw error
          const pause = limits.backoffMs * (0.5 + random())
          if (now() + pause >= end) throw error
          budget -= 1
          await sleep(pause)
        }
      }
    } finally {
      inFlight -= 1
    }
  }
}
