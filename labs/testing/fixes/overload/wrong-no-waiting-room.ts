// Breaks "Without overload no order is refused. A short burst is not an overload." Nobody waits: all places taken means 503. Four orders
// in the same ten milliseconds are no overload for a shop that needs a few milliseconds for each (the
// fourth would wait less than the blink of an eye, and six may wait), but one of the four is refused.
import type { Admission } from '#services/api/seams.ts'
import { Refusal } from '#services/lib/refusal.ts'

export const admission: Admission = ({ runningMax }) => {
  let running = 0
  return {
    async enter(work) {
      // A queue only makes customers wait for a refusal. Retry-After tells them when to come back.
      if (running >= runningMax)
        throw new Refusal('overloaded', 'Too many orders at the moment.', {
          status: 503,
          definite: true,
          retryAfterSeconds: 1,
        })
      running += 1
      try {
        return await work()
      } finally {
        running -= 1
      }
    },
    get running() {
      return running
    },
    get waiting() {
      return 0
    },
  }
}
