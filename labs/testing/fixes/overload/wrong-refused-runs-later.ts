// WRONG. Breaks "A refused order never runs later" (and `waiting` counts orders that nobody waits for).
// The wait is a race against a timer. The timer wins: the customer gets a definite 503. The order is still in the queue, reaches
// the front, and is placed. A customer who was told "certainly not ordered" is charged, and the connections work
// for customers who are gone, as before.
import type { Admission } from '#services/api/seams.ts'
import { Refusal } from '#services/lib/refusal.ts'

export const admission: Admission = ({ runningMax, waitingMax, waitMaxMs }) => {
  let running = 0
  const queue: { readonly start: () => void }[] = []

  async function inTurn<T>(work: () => Promise<T>, started: () => void): Promise<T> {
    if (running < runningMax) running += 1
    else await new Promise<void>((resolve) => queue.push({ start: resolve }))
    started()
    try {
      return await work()
    } finally {
      const next = queue.shift()
      if (next === undefined) running -= 1
      else next.start()
    }
  }

  return {
    async enter(work) {
      if (running >= runningMax && queue.length >= waitingMax) throw overloaded()
      let timer: NodeJS.Timeout | undefined
      const tooLate = new Promise<never>((_resolve, reject) => {
        timer = setTimeout(() => reject(overloaded()), waitMaxMs)
      })
      // Only the wait has a limit, not the order itself.
      const order = inTurn(work, () => clearTimeout(timer))
      return await Promise.race([order, tooLate])
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
