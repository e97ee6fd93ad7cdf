import { Refusal } from '#services/lib/refusal.ts'

import type { Admission } from '../seams.ts'

/**
 * Runs as many orders at once as the API can serve at full speed, lets a few more wait for a
 * moment, and refuses all others quickly. A customer who retries later is served sooner than one in
 * an endless queue.
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

function overloaded(): Refusal {
  return new Refusal('overloaded', 'More orders are arriving than the shop can process.', {
    status: 503,
    definite: true,
    retryAfterSeconds: 1,
  })
}
