import type { InstanceEvent, Runtime } from '#chaos/contracts/runtime.ts'
import type { SupervisorSetup } from '#chaos/contracts/scenario.ts'
import type { Clock } from '#chaos/lib/clock.ts'
import { messageOf } from '#chaos/lib/errors.ts'
import { instances } from '#services/topology.ts'

import { badConfiguration } from './start-failure.ts'

/** The part of a runtime that the supervisor uses. */
export type Supervised = Pick<Runtime, 'start' | 'kill' | 'status' | 'onInstance' | 'addresses'>

export interface SupervisorOptions {
  readonly runtime: Supervised
  readonly clock: Clock
  /**
   * Receives the reasons for kills and the failed starts. Deaths and starts are events of the
   * runtime itself.
   */
  readonly note?: (level: 'warning' | 'error', text: string) => void
  /**
   * Whether the instance drains after SIGTERM. It may refuse connections, so the supervisor does
   * not probe it. Absent: no instance drains.
   */
  readonly isLeaving?: (instance: string) => boolean
  /** Whether a liveness probe succeeds. Absent: a GET that must receive 200. */
  readonly probe?: (url: string, timeoutMs: number) => Promise<boolean>
}

const by = 'supervisor'

/**
 * Restarts instances that died by themselves, and services whose liveness probe fails several times
 * in a row (a paused service fails it). An instance that a user or a scenario ended stays down,
 * even if it had died by itself before. A crashing instance restarts again and again, always after
 * the same delay.
 */
export class Supervisor implements AsyncDisposable {
  readonly #options: SupervisorOptions
  readonly #probe: (url: string, timeoutMs: number) => Promise<boolean>
  readonly #stopListening: () => void
  /** Planned restarts by instance; aborting one cancels it. */
  readonly #pending = new Map<string, AbortController>()
  /** Instances that are ready or paused: the supervisor probes them. */
  readonly #running = new Set<string>()
  /** Instances with at least one event: the event is newer than any status requested before it. */
  readonly #heardOf = new Set<string>()
  readonly #tasks = new Set<Promise<void>>()
  #setup: SupervisorSetup | undefined
  #term = new AbortController()

  constructor(options: SupervisorOptions) {
    this.#options = options
    this.#probe = options.probe ?? isLive
    this.#stopListening = options.runtime.onInstance((event) => this.#onInstance(event))
  }

  /**
   * Uses this setup from now on and cancels planned restarts. Before the first setup the supervisor
   * does nothing.
   */
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

  #onInstance({ instance, state, by: requestedBy, code }: InstanceEvent): void {
    this.#heardOf.add(instance)
    if (state === 'ready' || state === 'paused') this.#running.add(instance)
    else this.#running.delete(instance)
    // Any event makes an earlier plan for the instance obsolete.
    this.#pending.get(instance)?.abort()
    this.#pending.delete(instance)
    const setup = this.#setup
    if (setup?.restarts !== true || state !== 'exited' || requestedBy !== 'itself') return
    // With the same configuration another start would fail too.
    if (code !== badConfiguration) this.#do(this.#restartLater(instance, setup))
  }

  async #restartLater(name: string, setup: SupervisorSetup): Promise<void> {
    const { clock, runtime } = this.#options
    const cancel = new AbortController()
    this.#pending.set(name, cancel)
    try {
      await clock.sleep(setup.restartDelayMs, cancel.signal)
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

  /**
   * An instance that ended during the probe is not a failed probe: its exit is an event of its own.
   */
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
    this.#note(
      'warning',
      `${name} failed its liveness probe ${failures} times in a row; the supervisor restarts it.`,
    )
    await this.#attempt(name, async () => {
      await runtime.kill(name, { by })
      await runtime.start(name, { by })
    })
  }

  async #attempt(name: string, act: () => Promise<void>): Promise<void> {
    try {
      await act()
    } catch (error) {
      // If the instance died again, its exit event plans the next restart.
      this.#note('warning', `The supervisor could not restart ${name}: ${messageOf(error)}`)
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

/** Whether a GET of the URL receives 200 within the timeout. */
async function isLive(url: string, timeoutMs: number): Promise<boolean> {
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(timeoutMs) })
    await response.body?.cancel()
    return response.status === 200
  } catch {
    return false
  }
}
