// WRONG. Breaks: "Each call receives the response to its own request."
// When: two customers ask for quotes of different amounts at the same time. Calls that arrive while one is in
// flight share its response, which keeps the load low, but nothing says that they asked the same question:
// the second customer receives the payment methods of the first one's amount.

import type { AskPayments } from '#services/api/seams.ts'

export const askPayments: AskPayments = (limits, { now, sleep, random }) => {
  /** The call in flight. Payments never sees more than one per instance. */
  let flight: Promise<unknown> | undefined

  async function call<T>(ask: (signal: AbortSignal) => Promise<T>): Promise<T> {
    const end = now() + limits.deadlineMs
    for (let attempt = 1; ; attempt++) {
      const left = Math.floor(end - now())
      try {
        return await ask(AbortSignal.timeout(Math.max(1, Math.min(left, limits.attemptTimeoutMs))))
      } catch (error) {
        if (attempt >= limits.attemptsMax) throw error
        const pause = limits.backoffMs * (0.5 + random())
        if (now() + pause >= end) throw error
        await sleep(pause)
      }
    }
  }

  return async <T>(ask: (signal: AbortSignal) => Promise<T>): Promise<T> => {
    flight ??= call(ask).finally(() => {
      flight = undefined
    })
    return (await flight) as T
  }
}
