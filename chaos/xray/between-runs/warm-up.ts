import type { Flow } from '#chaos/contracts/system/flow.ts'
import type { Clock } from '#chaos/lib/clock.ts'

import type { ObservedFlow } from '../observe-flow.ts'

/** Drivers close a connection that was not used for some time. The shortest default is that of node-postgres: 10 s. */
const staleAfterMs = 8_000

/**
 * Which instances need a run that is not judged before the next one counts: the first run of a new process, or of connections
 * that were closed meanwhile, has other messages at other times.
 */
export class WarmUp {
  /** The flow of the X-ray, when its effect is known. Absent: the first flow of the system. */
  flow: Flow | undefined
  readonly #entries: () => readonly string[]
  readonly #clock: Clock
  #cold = new Set<string>()
  #lastRunAtMs = 0
  #tookMs = 0

  /** `entries`: the instances that receive requests from outside. */
  constructor(entries: () => readonly string[], clock: Clock) {
    this.#entries = entries
    this.#clock = clock
  }

  /** Every process is new. */
  chillAll(): void {
    this.#cold = new Set(this.#entries())
  }

  /** A run has ended, and perhaps processes with it. */
  ran({ startMs, restarts }: Pick<ObservedFlow, 'startMs' | 'restarts'>): void {
    this.#lastRunAtMs = startMs
    const [first, ...others] = this.#entries()
    // A request to the first instance also reaches the instances behind it.
    if (restarts.length > 0 && first !== undefined) this.#cold.add(first)
    for (const entry of others) if (restarts.includes(entry)) this.#cold.add(entry)
  }

  /**
   * The last run has left rows that a run without a fault does not leave, or a connection that is lost. The next run would
   * begin with another value of a key that all runs share, or while a caller waits to connect again.
   */
  chill(): void {
    const [first] = this.#entries()
    if (this.flow !== undefined && first !== undefined) this.#cold.add(first)
  }

  /**
   * Connections may have been closed since the last run. Not for a system that restores an initial state of its own. After a
   * warm-up that takes longer, they are closed again.
   */
  chillIfUnused(): void {
    if (this.#tookMs >= staleAfterMs) return
    if (this.#clock.now() - this.#lastRunAtMs > staleAfterMs) this.chill()
  }

  get isNeeded(): boolean {
    return this.#cold.size > 0
  }

  /** Calls `run` for each instance that needs it. */
  async each(run: (entry: string) => Promise<ObservedFlow>): Promise<void> {
    for (const entry of this.#cold) {
      const { startMs, wallMs } = await run(entry)
      this.#lastRunAtMs = startMs
      this.#tookMs = wallMs
    }
    this.#cold.clear()
  }
}
