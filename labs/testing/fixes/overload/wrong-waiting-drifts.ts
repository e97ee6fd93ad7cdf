// WRONG. Breaks "`running` and `waiting` are the true numbers", and with it the limit of the queue.
// `waiting` is a counter of its own, and the timer of an order that has started is not cleared: 500 ms later it is subtracted a
// second time. After the first orders that waited, `waiting` is negative, /metrics shows nonsense, and `waitingMax`
// admits more and more waiting orders: the queue has no limit any more, only the wait has.
import type { Admission } from '#services/api/seams.ts'
import { Refusal } from '#services/lib/refusal.ts'

export const admission: Admission = ({ runningMax, waitingMax, waitMaxMs }) => {
  let running = 0
  let waiting = 0
  const queue = new Set<() => void>()

  async function waitForRoom(): Promise<void> {
    if (waiting >= waitingMax) throw overloaded()
    waiting += 1
    await new Promise<void>((resolve, reject) => {
      const start = () => {
        waiting -= 1
        resolve()
      }
      queue.add(start)
      setTimeout(() => {
        waiting -= 1
        queue.delete(start)
        reject(overloaded())
      }, waitMaxMs)
    })
  }

  /** Gives the free place to the order that waits longest. */
  function leave(): void {
    const [next] = queue
    if (next === undefined) {
      running -= 1
      return
    }
    queue.delete(next)
    next()
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
      return waiting
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
