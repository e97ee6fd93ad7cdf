import type { EventLoopUtilization, performance as PerformanceOfNode } from 'node:perf_hooks'

const nanoseconds = 1e6
const resolutionMs = 10
/** What Node reports before the first sample. */
const minWithoutSample = 2 ** 63

/** What Node reports about the load of the event loop. In virtual time the process only waits, except during a pause. */
export interface EventLoopLoad {
  readonly eventLoopUtilization: typeof PerformanceOfNode.eventLoopUtilization
  readonly monitorEventLoopDelay: (options?: { resolution?: number }) => VirtualDelay
  /** The event loop stands still for this long, from now on. */
  pause(milliseconds: number): void
  reset(): void
}

export function createEventLoopLoad(now: () => number): EventLoopLoad {
  let pausedMs = 0
  const delays = new Set<VirtualDelay>()
  const sinceStart = (): EventLoopUtilization => utilizationOf(now() - pausedMs, pausedMs)
  return {
    eventLoopUtilization: (first, second) => {
      if (first === undefined) return sinceStart()
      const [later, earlier] = second === undefined ? [sinceStart(), first] : [first, second]
      return utilizationOf(later.idle - earlier.idle, later.active - earlier.active)
    },
    monitorEventLoopDelay: ({ resolution = resolutionMs } = {}) => {
      const delay = new VirtualDelay(now, resolution)
      delays.add(delay)
      return delay
    },
    pause: (milliseconds) => {
      pausedMs += milliseconds
      for (const delay of delays) delay.pause(milliseconds)
    },
    reset: () => {
      pausedMs = 0
      delays.clear()
    },
  }
}

function utilizationOf(idle: number, active: number): EventLoopUtilization {
  const total = idle + active
  return { idle, active, utilization: total > 0 ? active / total : 0 }
}

/** The histogram of `monitorEventLoopDelay`: one sample per `resolution`, and a long one for each pause. */
class VirtualDelay {
  readonly #now: () => number
  readonly #resolutionMs: number
  #isEnabled = false
  #lastMs = 0
  #ordinary = 0
  #pausesMs: number[] = []

  constructor(now: () => number, resolution: number) {
    this.#now = now
    this.#resolutionMs = resolution
  }

  enable(): boolean {
    if (this.#isEnabled) return false
    this.#lastMs = this.#now()
    return (this.#isEnabled = true)
  }

  disable(): boolean {
    if (!this.#isEnabled) return false
    this.#catchUp()
    this.#isEnabled = false
    return true
  }

  reset(): void {
    this.#catchUp()
    this.#ordinary = 0
    this.#pausesMs = []
  }

  pause(milliseconds: number): void {
    if (!this.#isEnabled) return
    this.#catchUp()
    this.#pausesMs.push(this.#resolutionMs + milliseconds)
    this.#pausesMs.sort((a, b) => a - b)
    this.#lastMs = this.#now() + milliseconds
  }

  get count(): number {
    this.#catchUp()
    return this.#ordinary + this.#pausesMs.length
  }

  get min(): number {
    return this.count === 0 ? minWithoutSample : this.percentile(0)
  }

  get max(): number {
    return this.percentile(100)
  }

  get mean(): number {
    return this.#average((sampleMs) => sampleMs) * nanoseconds
  }

  get stddev(): number {
    const meanMs = this.#average((sampleMs) => sampleMs)
    return Math.sqrt(this.#average((sampleMs) => (sampleMs - meanMs) ** 2)) * nanoseconds
  }

  /** Longer than an hour. */
  readonly exceeds = 0

  get countBigInt(): bigint {
    return BigInt(this.count)
  }

  get minBigInt(): bigint {
    return BigInt(this.min)
  }

  get maxBigInt(): bigint {
    return BigInt(this.max)
  }

  percentileBigInt(percent: number): bigint {
    return BigInt(this.percentile(percent))
  }

  percentile(percent: number): number {
    const { count } = this
    if (count === 0) return 0
    const rank = Math.max(1, Math.ceil((percent / 100) * count))
    const sampleMs = this.#pausesMs[rank - this.#ordinary - 1] ?? this.#resolutionMs
    return sampleMs * nanoseconds
  }

  get percentiles(): Map<number, number> {
    return new Map([0, 50, 75, 90, 99, 99.9, 100].map((one) => [one, this.percentile(one)]))
  }

  #average(of: (sampleMs: number) => number): number {
    const { count } = this
    const sum = this.#pausesMs.reduce((total, pauseMs) => total + of(pauseMs), 0)
    return (this.#ordinary * of(this.#resolutionMs) + sum) / count
  }

  #catchUp(): void {
    if (!this.#isEnabled) return
    const samples = Math.floor((this.#now() - this.#lastMs) / this.#resolutionMs)
    this.#ordinary += samples
    this.#lastMs += samples * this.#resolutionMs
  }
}
