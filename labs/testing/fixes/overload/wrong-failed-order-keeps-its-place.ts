// WRONG. Breaks "A place becomes free again when its order has ended, however it ended."
// The queue is bounded in length and time. But the place is given on only after an order that succeeded. An order that fails
// (sold out, key in use, a lost connection) keeps its place: after three such orders this instance runs nothing
// any more and refuses every order with 503, at no load at all, until it is restarted.
import type { Admission } from '#services/api/seams.ts'
import { Refusal } from '#services/lib/refusal.ts'

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

  function leave(): void {
    const next = queue.shift()
    if (next === undefined) running -= 1
    else next.start()
  }

  return {
    async enter(work) {
      if (running < runningMax) running += 1
      else await waitForRoom()
      const result = await work()
      leave()
      return result
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
  return new Refusal('overloaded', 'Too many orders at the moment.', {
    status: 503,
    definite: true,
    retryAfterSeconds: 1,
  })
}
