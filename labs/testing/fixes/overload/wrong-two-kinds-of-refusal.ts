// WRONG. Breaks "An order is refused before any work is done for it: 503, `definite: true`, with `Retry-After`."
// An order that finds the queue full gets exactly that. One that has waited in vain gets an indefinite 504 without
// Retry-After, although no work was done for it: the customer is told that the outcome is unknown, cannot order
// elsewhere without the risk of two parcels, and the client retries at once.
import type { Admission } from '#services/api/seams.ts'
import { Refusal } from '#services/lib/refusal.ts'

export const admission: Admission = ({ runningMax, waitingMax, waitMaxMs }) => {
  let running = 0
  const queue: { readonly start: () => void }[] = []

  async function waitForRoom(): Promise<void> {
    if (queue.length >= waitingMax) {
      throw new Refusal('overloaded', 'Too many orders at the moment.', {
        status: 503,
        definite: true,
        retryAfterSeconds: 1,
      })
    }
    await new Promise<void>((resolve, reject) => {
      const waiter = {
        start: () => {
          clearTimeout(timer)
          resolve()
        },
      }
      const timer = setTimeout(() => {
        queue.splice(queue.indexOf(waiter), 1)
        reject(
          new Refusal('timeout', `The order waited for ${waitMaxMs} ms.`, {
            status: 504,
            // A timeout: the outcome is unknown.
            definite: false,
          }),
        )
      }, waitMaxMs)
      queue.push(waiter)
    })
  }

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
