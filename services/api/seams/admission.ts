import { Refusal } from '#services/lib/refusal.ts'

import type { Admission } from '../seams.ts'

/**
 * As many at once as can be served at full speed, a few more who wait a moment, and a quick no to all others: somebody who
 * comes back later is served sooner than somebody in an endless queue.
 */
export const admission: Admission = ({ runningMax, waitingMax, waitMaxMs }) => {
  let running = 0
  const queue: { readonly start: () => void }[] = []

  async function waitForRoom(): Promise<void> {
    if (queue.length >= waitingMax) throw overloaded()
    await new Promise<void>((resolve, reject) => {
      const waiter = {
        start: () => {
          clearTimeout(timer)
          resolve()
        },
      }
      const timer = setTimeout(() => {
        queue.splice(queue.indexOf(waiter), 1)
        reject(overloaded())
      }, waitMaxMs)
      queue.push(waiter)
    })
  }

  /** Hands the room to the next who waits, so that nobody who comes just now can overtake. */
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

function overloaded(): Refusal {
  return new Refusal('overloaded', 'More orders are coming in than we can take.', {
    status: 503,
    definite: true,
    retryAfterSeconds: 1,
  })
}
