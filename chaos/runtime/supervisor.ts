import type { InstanceEvent, Runtime } from '#chaos/contracts/runtime.ts'
import type { SupervisorSetup } from '#chaos/contracts/scenario.ts'
import type { Clock } from '#chaos/lib/clock.ts'
import { messageOf } from '#chaos/lib/errors.ts'
import { instances } from '#services/topology.ts'

import { isLive } from './is-live.ts'

/** What the supervisor needs of a runtime. */
export type Supervised = Pick<Runtime, 'start' | 'kill' | 'status' | 'onInstance' | 'addresses'>

export interface SupervisorOptions {
  readonly runtime: Supervised
  readonly clock: Clock
  /** Told why it kills, and what did not start. The deaths and starts themselves are events of the runtime. */
  readonly note?: (level: 'warning' | 'error', text: string) => void
  /** Whether it was told to stop and is still draining. Nobody asks it then: its doors may be closed. Absent: nobody is. */
  readonly isLeaving?: (instance: string) => boolean
  /** Whether a liveness probe succeeds. Absent: a GET that must answer 200. */
  readonly probe?: (url: string, timeoutMs: number) => Promise<boolean>
}

const by = 'supervisor'
/** A service that refuses its configuration (EX_CONFIG) would refuse it again. */
const badConfiguration = 78

/**
 * Starts what died by itself again, and kills and starts a service whose liveness probe fails too often in a row; a frozen
 * one fails it, and one that was told to stop is not asked. What a person or a scenario has ended stays as they left it, also when it had died by itself before. It
 * starts a crashing instance again and again, always after the same delay.
 */
export class Supervisor implements AsyncDisposable {
  readonly #options: SupervisorOptions
  readonly #probe: (url: string, timeoutMs: number) => Promise<boolean>
  readonly #stopListening: () => void
  /** Instances that will be started again, and what calls that off. */
  readonly #pending = new Map<string, AbortController>()
  /** Instances that are ready or frozen: those that are probed. */
  readonly #running = new Set<string>()
  /** Instances of which an event has told more than any status that was asked for before. */
  readonly #heardOf = new Set<string>()
  readonly #tasks = new Set<Promise<void>>()
  #setup: SupervisorSetup | undefined
  #term = new AbortController()

  constructor(options: SupervisorOptions) {
    this.#options = options
    this.#probe = options.probe ?? isLive
    this.#stopListening = options.runtime.onInstance((event) => this.#onInstance(event))
  }

  /** Goes by this setup from now on, and forgets what it was about to do. Before the first one it does nothing. */
  setUp(setup: SupervisorSetup): void {
    this.#forget()
    this.#setup = setup
    this.#term = new AbortController()
    if (setup.restarts && setup.livenessFailuresMax > 0)
      this.#do(this.#keepProbing(setup, this.#term.signal))
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#stopListening()
    this.#forget()
    await Promise.all(this.#tasks)
  }

  #forget(): void {
    this.#setup = undefined
    this.#term.abort()
    for (const restart of this.#pending.values()) restart.abort()
    this.#pending.clear()
  }

  #onInstance({ instance, state, by: whose, code }: InstanceEvent): void {
    this.#heardOf.add(instance)
    if (state === 'ready' || state === 'paused') this.#running.add(instance)
    else this.#running.delete(instance)
    // Whatever happens to it, and whoever wants it: an earlier plan for it is out of date.
    this.#pending.get(instance)?.abort()
    this.#pending.delete(instance)
    const setup = this.#setup
    if (setup?.restarts !== true || state !== 'exited' || whose !== 'itself') return
    if (code !== badConfiguration) this.#do(this.#restartLater(instance, setup))
  }

  async #restartLater(name: string, setup: SupervisorSetup): Promise<void> {
    const { clock, runtime } = this.#options
    const calledOff = new AbortController()
    this.#pending.set(name, calledOff)
    try {
      await clock.sleep(setup.restartDelayMs, calledOff.signal)
    } catch {
      return
    }
    await this.#attempt(name, async () => await runtime.start(name, { by }))
  }

  async #keepProbing(setup: SupervisorSetup, signal: AbortSignal): Promise<void> {
    const { clock, runtime } = this.#options
    for (const { name, state } of await runtime.status())
      if (state === 'ready' && !this.#heardOf.has(name)) this.#running.add(name)
    const failures = new Map<string, number>()
    while (!signal.aborted) {
      const names = instances.map(({ name }) => name).filter((name) => this.#running.has(name))
      await Promise.all(
        names.map(async (name) => {
          const count = (await this.#isLive(name, setup)) ? 0 : (failures.get(name) ?? 0) + 1
          failures.set(name, count)
          if (count < setup.livenessFailuresMax || signal.aborted) return
          failures.delete(name)
          this.#do(this.#replace(name, count))
        }),
      )
      try {
        await clock.sleep(setup.probeIntervalMs, signal)
      } catch {
        return
      }
    }
  }

  /** One that has ended in the meantime is no failure: somebody else is told of that. */
  async #isLive(name: string, { probeTimeoutMs }: SupervisorSetup): Promise<boolean> {
    const url = `${this.#options.runtime.addresses.http(name)}/health/live`
    if (this.#isLeaving(name) || (await this.#probe(url, probeTimeoutMs))) return true
    return !this.#running.has(name) || this.#isLeaving(name)
  }

  #isLeaving(name: string): boolean {
    return this.#options.isLeaving?.(name) ?? false
  }

  async #replace(name: string, failures: number): Promise<void> {
    const { runtime } = this.#options
    this.#running.delete(name)
    this.#note('warning', `${name} has failed its liveness probe ${failures} times in a row.`)
    await this.#attempt(name, async () => {
      await runtime.kill(name, { by })
      await runtime.start(name, { by })
    })
  }

  async #attempt(name: string, act: () => Promise<void>): Promise<void> {
    try {
      await act()
    } catch (error) {
      // When it has died again, that is an event of its own, which brings us back.
      this.#note('warning', `The supervisor could not bring ${name} back: ${messageOf(error)}`)
    }
  }

  #note(level: 'warning' | 'error', text: string): void {
    this.#options.note?.(level, text)
  }

  #do(task: Promise<void>): void {
    this.#tasks.add(task)
    void task.finally(() => this.#tasks.delete(task))
  }
}
