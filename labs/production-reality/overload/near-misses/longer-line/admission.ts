import type { Admission } from '#services/api/seams.ts'
import { Refusal } from '#services/lib/refusal.ts'

/** Enough for a large burst. */
const waitingMax = 100

/**
 * Plausible: the queue has a limit, and it is long enough that no customer is refused without need.
 * Fails `goodput`: a hundred places at four orders per second are a wait of 24 seconds, and no
 * customer waits that long.
 */
export const admission: Admission = ({ runningMax }) => {
  let running = 0
  const queue: (() => void)[] = []

  async function waitForRoom(): Promise<void> {
    if (queue.length >= waitingMax)
      throw new Refusal('overloaded', 'More orders are arriving than the shop can process.', {
        status: 503,
        definite: true,
        retryAfterSeconds: 1,
      })
    await new Promise<void>((resolve) => queue.push(resolve))
  }

  function leave(): void {
    const next = queue.shift()
    if (next === undefined) running -= 1
    else next()
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
