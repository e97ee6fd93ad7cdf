import type { Admission } from '#services/api/seams.ts'
import { Refusal } from '#services/lib/refusal.ts'

interface Waiter {
  readonly start: () => void
  readonly giveUp: () => void
}

/**
 * Right, by another design: the queue is a stack. The newest request has the most time left and is
 * served first; a request that has waited too long is refused and may retry. It needs no limit on
 * the length, only on the waiting time.
 */
export const admission: Admission = ({ runningMax, waitMaxMs }) => {
  let running = 0
  const stack: Waiter[] = []

  async function waitForRoom(): Promise<void> {
    await new Promise<void>((resolve, reject) => {
      const timer = setTimeout(() => waiter.giveUp(), waitMaxMs)
      const waiter: Waiter = {
        start: () => {
          clearTimeout(timer)
          resolve()
        },
        giveUp: () => {
          stack.splice(stack.indexOf(waiter), 1)
          reject(overloaded())
        },
      }
      stack.push(waiter)
    })
  }

  function leave(): void {
    const next = stack.pop()
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
      return stack.length
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
