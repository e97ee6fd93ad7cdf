export interface CapacityLimits {
  /** Requests in progress at once. */
  readonly slots: number
  /** How long each takes while the queue is empty. */
  readonly serviceMs: number
  /** How long each takes while the queue is full: an overloaded system gets slower. */
  readonly pushedServiceMs: number
  readonly queueMax: number
}

export interface Capacity {
  /**
   * Waits for a slot and holds it for the service time, even if the caller has closed the
   * connection. Resolves to false at once when the queue is full.
   */
  spend(): Promise<boolean>
  readonly running: number
  readonly waiting: number
}

/**
 * The capacity of this system: a number of slots, each taken for some time, and a queue in front of
 * them.
 */
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
