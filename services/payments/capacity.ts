export interface CapacityLimits {
  /** Requests that are worked on at once. */
  readonly slots: number
  /** How long each takes while nobody waits. */
  readonly serviceMs: number
  /** How long each takes while the queue is full: whoever is pushed gets slower. */
  readonly pushedServiceMs: number
  readonly queueMax: number
}

export interface Capacity {
  /**
   * Waits for a slot and holds it for the service time, whether or not the caller is still there. Resolves to false, at
   * once, when the queue is full.
   */
  spend(): Promise<boolean>
  readonly running: number
  readonly waiting: number
}

/** What this system can do: a number of slots, each taken for some time, and a queue before them. */
export function createCapacity(
  limits: CapacityLimits,
  sleep: (milliseconds: number) => Promise<unknown>,
): Capacity {
  let running = 0
  const queue: (() => void)[] = []

  function serviceMs(): number {
    const pushed = limits.queueMax === 0 ? 0 : queue.length / limits.queueMax
    return limits.serviceMs + (limits.pushedServiceMs - limits.serviceMs) * pushed
  }

  function leave(): void {
    const next = queue.shift()
    if (next === undefined) running -= 1
    else next()
  }

  return {
    async spend() {
      if (running < limits.slots) running += 1
      else {
        if (queue.length >= limits.queueMax) return false
        await new Promise<void>((resolve) => queue.push(resolve))
      }
      await sleep(serviceMs())
      leave()
      return true
    },
    get running() {
      return running
    },
    get waiting() {
      return queue.length
    },
  }
}
