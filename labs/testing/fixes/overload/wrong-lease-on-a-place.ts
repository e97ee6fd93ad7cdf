// WRONG. Breaks "At most `runningMax` orders run at once. `running` and `waiting` are the true numbers."
// A place is taken back after two seconds, "so that no order can hold it forever". The orders of the story take 0.7 s. When Postgres is
// slower, the order still runs and holds its connection while another one gets its place; at its end the place is
// given back a second time, `running` becomes too low (even negative), and the door stays too wide for good.
import type { Admission } from '#services/api/seams.ts'
import { Refusal } from '#services/lib/refusal.ts'

/** Longer than a customer waits for a response. */
const placeLeaseMs = 2_000

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
      const lease = setTimeout(leave, placeLeaseMs)
      try {
        return await work()
      } finally {
        clearTimeout(lease)
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
  return new Refusal('overloaded', 'Too many orders at the moment.', {
    status: 503,
    definite: true,
    retryAfterSeconds: 1,
  })
}
