// WRONG. Breaks "Without overload no order is refused."
// The capacity of the story ("about 8 orders per second", two instances) is written down as four orders per second for each
// instance. It fits while Postgres is slow. On a normal day an order takes some milliseconds, and the shop could
// process hundreds per second: customers get "Too many orders" from an idle shop as soon as ten order in one second.
import type { Admission } from '#services/api/seams.ts'
import { Refusal } from '#services/lib/refusal.ts'

const ordersPerSecond = 4
const burst = 6

export const admission: Admission = ({ runningMax, waitingMax, waitMaxMs }) => {
  let running = 0
  let tokens = burst
  let refilledAt = performance.now()
  const queue: { readonly start: () => void }[] = []

  function takeToken(): boolean {
    const now = performance.now()
    tokens = Math.min(burst, tokens + ((now - refilledAt) / 1_000) * ordersPerSecond)
    refilledAt = now
    if (tokens < 1) return false
    tokens -= 1
    return true
  }

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
      if (!takeToken()) throw overloaded()
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
