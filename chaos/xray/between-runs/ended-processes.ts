import type { Runtime } from '#chaos/contracts/runtime.ts'
import type { Clock } from '#chaos/lib/clock.ts'

import { restartInstance } from './restart-instance.ts'

type Parts = Pick<Runtime, 'status' | 'processes' | 'stop' | 'start'>

/** A supervisor in the instance starts its process again within this time, or not at all. */
const backByItselfMs = 4_000
const pollMs = 500

/**
 * Finds processes that have ended in an instance that still runs, for example the program under nodemon, which waits for a change
 * of its files. No event reports them. A runtime that does not know the processes of an instance has none.
 */
export class EndedProcesses {
  readonly #runtime: Parts
  readonly #clock: Clock
  /** The commands that ran after every run without a fault, of each instance that was ready then. */
  #usual: ReadonlyMap<string, ReadonlySet<string>> | undefined

  constructor(runtime: Parts, clock: Clock) {
    this.#runtime = runtime
    this.#clock = clock
  }

  /** Call it after a run without a fault. */
  async learn(): Promise<void> {
    const seen = await this.#commands(['ready'])
    const before = this.#usual
    const usual = [...seen].flatMap(([name, commands]) => {
      const kept = before === undefined ? commands : before.get(name)?.intersection(commands)
      return kept === undefined ? [] : [[name, kept] as const]
    })
    this.#usual = new Map(usual)
  }

  /** Names of instances that run without one of their usual processes. */
  async find(): Promise<readonly string[]> {
    const usual = this.#usual
    if (usual === undefined) return []
    const seen = await this.#commands(['ready', 'unready'])
    return [...seen.keys()].filter(
      (name) => usual.get(name)?.isSubsetOf(seen.get(name) ?? new Set()) === false,
    )
  }

  /** Restarts these instances, if nothing else starts their processes again. */
  async startAgain(signal: AbortSignal): Promise<void> {
    const untilMs = this.#clock.now() + backByItselfMs
    let ended = await this.find()
    while (ended.length > 0 && this.#clock.now() < untilMs) {
      await this.#clock.sleep(pollMs, signal)
      ended = await this.find()
    }
    for (const name of ended) await restartInstance(this.#runtime, name, signal)
  }

  /** The commands in each service that is in one of these states, where they are known. A store has a process for each connection. */
  async #commands(states: readonly string[]): Promise<ReadonlyMap<string, ReadonlySet<string>>> {
    const { processes } = this.#runtime
    if (processes === undefined) return new Map()
    const all = await this.#runtime.status()
    const services = all.filter(({ kind, state }) => kind === 'service' && states.includes(state))
    const found = new Map<string, ReadonlySet<string>>()
    for (const { name } of services) {
      const commands = await processes.call(this.#runtime, name)
      if (commands !== undefined) found.set(name, new Set(commands))
    }
    return found
  }
}
