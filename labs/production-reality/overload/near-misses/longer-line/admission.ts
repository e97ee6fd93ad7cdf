import type { Admission } from '#services/api/seams.ts'
import { Refusal } from '#services/lib/refusal.ts'

/** A good burst fits in. */
const waitingMax = 100

/**
 * Plausible: the line has an end now, and it is long enough that nobody is turned away without need. Must fail goodput: a
 * hundred places at four orders a second are a wait of 24 seconds, and nobody waits so long.
 */
export const admission: Admission = ({ runningMax }) => {
  let running = 0
  const queue: (() => void)[] = []

  async function waitForRoom(): Promise<void> {
    if (queue.length >= waitingMax)
      throw new Refusal('overloaded', 'More orders are coming in than we can take.', {
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
