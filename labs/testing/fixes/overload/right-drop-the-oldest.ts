// RIGHT. When the queue is full, the order that has waited longest is refused and the new one takes the free place in the
// queue: the oldest has the least time left. Every waiting order also has its own limit. Both kinds of refusal remove
// the order from the set before they refuse it, so it never runs; with no overload the queue is not full and nobody
// is refused. A place is handed on in `finally`.
import type { Admission } from '#services/api/seams.ts'
import { Refusal } from '#services/lib/refusal.ts'

interface Waiting {
  readonly start: () => void
  readonly refuse: () => void
}

export const admission: Admission = ({ runningMax, waitingMax, waitMaxMs }) => {
  let running = 0
  /** In the order of arrival. */
  const waiting = new Set<Waiting>()

  function takeOldest(): Waiting | undefined {
    for (const oldest of waiting) {
      waiting.delete(oldest)
      return oldest
    }
    return undefined
  }

  async function takePlace(): Promise<void> {
    if (running < runningMax) {
      running += 1
      return
    }
    if (waitingMax <= 0) throw overloaded()
    if (waiting.size >= waitingMax) takeOldest()?.refuse()
    await new Promise<void>((resolve, reject) => {
      const timer = setTimeout(() => {
        waiting.delete(me)
        reject(overloaded())
      }, waitMaxMs)
      const me: Waiting = {
        start() {
          clearTimeout(timer)
          resolve()
        },
        refuse() {
          clearTimeout(timer)
          reject(overloaded())
        },
      }
      waiting.add(me)
    })
  }

  function givePlaceOn(): void {
    const next = takeOldest()
    if (next === undefined) running -= 1
    else next.start()
  }

  return {
    async enter(work) {
      await takePlace()
      try {
        return await work()
      } finally {
        givePlaceOn()
      }
    },
    get running() {
      return running
    },
    get waiting() {
      return waiting.size
    },
  }
}

function overloaded(): Refusal {
  return new Refusal('overloaded', 'The shop is busy. Nothing was ordered.', {
    status: 503,
    definite: true,
    retryAfterSeconds: 2,
  })
}
