// WRONG. Breaks "it still completes as many in time as before, and refuses the others quickly", and "Without overload no order
// is refused". The queue is cut to `runningMax` orders, so that in the story a wait is at most one order, 0.7 s. No clock: when an order
// takes 2 s, waiting orders wait 2 s (`waitMaxMs` says 0.5 s), complete for customers who are gone, and are refused by nobody.
// And a burst of nine quick orders, for which the settings have room (3 + 6), has three of them refused.
import type { Admission } from '#services/api/seams.ts'
import { Refusal } from '#services/lib/refusal.ts'

export const admission: Admission = ({ runningMax, waitingMax }) => {
  let running = 0
  const queue: { readonly start: () => void }[] = []
  // Six waiting orders wait for two rounds of 0.7 s: too long. One round is in time.
  const queueMax = Math.min(waitingMax, runningMax)

  async function waitForRoom(): Promise<void> {
    if (queue.length >= queueMax) {
      throw new Refusal('overloaded', 'Too many orders at the moment.', {
        status: 503,
        definite: true,
        retryAfterSeconds: 1,
      })
    }
    await new Promise<void>((resolve) => queue.push({ start: resolve }))
  }

  /** Gives the free place to the next waiting order, so a new order cannot overtake it. */
  function leave(): void {
    const next = queue.shift()
    if (next === undefined) running -= 1
    else next.start()
  }

  return {
    async enter(work) {
      if (running < runningMax) running += 1
      else await waitForRoom()
      try {
        return await work()
      } finally {
        leave()
      }
    },
    get running() {
      return running
    },
    get waiting() {
      return queue.length
    },
  }
}
