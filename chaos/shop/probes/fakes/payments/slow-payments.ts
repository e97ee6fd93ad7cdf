import type { Ask } from '#services/api/seams.ts'

import type { ProbeTools } from '../../contract-probe.ts'

/** As in the lab: two requests at once, 25 per second together; 60 more may wait. */
const slots = 2
const serviceMs = 80
const queueMax = 60
const lateMs = 3_000

export interface SlowPayments {
  /** One request. It is processed even if the caller does not wait for it any more. */
  readonly respond: Ask<void>
  /** From now on every response is three seconds late. */
  slowDown(): void
  heal(): void
}

/** Payments with its capacity and its queue. */
export function createSlowPayments({ sleep }: Pick<ProbeTools<unknown>, 'sleep'>): SlowPayments {
  let isSlow = false
  let busy = 0
  const queue: (() => void)[] = []

  const process = async (): Promise<void> => {
    if (busy < slots) busy += 1
    else {
      if (queue.length >= queueMax) throw new Error('payments returned 503: too many requests')
      await new Promise<void>((resolve) => void queue.push(resolve))
    }
    await sleep(serviceMs)
    const next = queue.shift()
    if (next === undefined) busy -= 1
    else next()
  }

  return {
    respond: async (signal) => {
      const aborted = new Promise<never>((_resolve, reject) => {
        signal.addEventListener('abort', () => reject(signal.reason as Error))
      })
      aborted.catch(() => undefined)
      const response = async (): Promise<void> => {
        await process()
        if (isSlow) await sleep(lateMs)
      }
      await Promise.race([response(), aborted])
    },
    slowDown: () => void (isSlow = true),
    heal: () => void (isSlow = false),
  }
}
