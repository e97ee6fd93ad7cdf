// RIGHT. The queue is bounded twice: in length (refused at once) and in time (refused after waitMaxMs). A waiting order that
// is refused leaves the queue in the same step, so it can never be started; one that is started loses its timer. The place
// goes directly from the order that ends, in whatever way, to the next one, so `running` never exceeds the limit.
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
  return new Refusal('overloaded', 'Too many orders at the moment.', {
    status: 503,
    definite: true,
    retryAfterSeconds: 1,
  })
}
