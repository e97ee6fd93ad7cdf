// RIGHT. First in, first out, with a deadline for each waiting order. All wait equally long, so the head of the queue always
// has the earliest deadline, and one timer for the head is enough. Whoever is removed from the queue is removed exactly
// once, by the timer (refused, never runs) or by an order that ends (started). Full queue: refused at once.
import type { Admission } from '#services/api/seams.ts'
import { Refusal } from '#services/lib/refusal.ts'

interface Waiting {
  readonly deadline: number
  readonly decide: (outcome: 'start' | 'refuse') => void
}

export const admission: Admission = ({ runningMax, waitingMax, waitMaxMs }) => {
  const queue: Waiting[] = []
  let running = 0
  let timer: NodeJS.Timeout | undefined

  /** The timer always belongs to the head of the queue. */
  function setTimer(): void {
    clearTimeout(timer)
    const [head] = queue
    if (head === undefined) return
    timer = setTimeout(refuseTheLate, Math.max(1, Math.ceil(head.deadline - performance.now())))
  }

  function refuseTheLate(): void {
    const now = performance.now()
    while (queue[0] !== undefined && queue[0].deadline <= now) queue.shift()?.decide('refuse')
    setTimer()
  }

  return {
    async enter(work) {
      if (running < runningMax) {
        running += 1
      } else {
        if (queue.length >= waitingMax) throw overloaded()
        const outcome = await new Promise<'start' | 'refuse'>((resolve) => {
          queue.push({ deadline: performance.now() + waitMaxMs, decide: resolve })
          if (queue.length === 1) setTimer()
        })
        if (outcome === 'refuse') throw overloaded()
      }
      try {
        return await work()
      } finally {
        const next = queue.shift()
        if (next === undefined) {
          running -= 1
        } else {
          // The place stays taken: `next` has it now.
          next.decide('start')
          setTimer()
        }
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
  return new Refusal('overloaded', 'Too many customers are ordering. Please try again.', {
    status: 503,
    definite: true,
    retryAfterSeconds: 1,
  })
}
