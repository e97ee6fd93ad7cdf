import type { InstanceEvent, Runtime } from '#chaos/contracts/runtime.ts'
import type { SupervisorSetup } from '#chaos/contracts/scenario.ts'
import { healthPathsOf } from '#chaos/contracts/system.ts'
import type { System } from '#chaos/contracts/system.ts'
import type { Clock } from '#chaos/lib/clock.ts'
import { formatDuration } from '#chaos/lib/duration.ts'
import { messageOf } from '#chaos/lib/errors.ts'

import { createRestartBackOff } from './restart-back-off.ts'
import { badConfiguration } from './start-failure.ts'

/** The part of a runtime that the supervisor uses. */
export type Supervised = Pick<Runtime, 'start' | 'kill' | 'status' | 'onInstance' | 'addresses'>

export interface SupervisorOptions {
  readonly system: Pick<System, 'topology' | 'healthPaths'>
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

/** One restart of an instance. */
interface Restart {
  readonly cancel: AbortController
  /** It has begun to change the instance. */
  began: boolean
  /** Never rejects. */
  ended: Promise<void>
}

/**
 * Restarts instances that died by themselves, and services whose liveness probe fails several times
 * in a row (a paused service fails it). An instance that a user or a scenario ended stays down,
 * even if it had died by itself before. A crashing instance restarts again and again, and the delay
 * grows: see {@link createRestartBackOff}.
 */
export class Supervisor implements AsyncDisposable {
  readonly #options: SupervisorOptions
  readonly #probe: (url: string, timeoutMs: number) => Promise<boolean>
  readonly #stopListening: () => void
  readonly #backOff: ReturnType<typeof createRestartBackOff>
  /** Planned restarts and those that run, by instance. */
  readonly #restarts = new Map<string, Restart>()
  /** Instances that are ready or paused: the supervisor probes them. */
  readonly #running = new Set<string>()
  /** Instances with at least one event: the event is newer than any status requested before it. */
  readonly #heardOf = new Set<string>()
  readonly #tasks = new Set<Promise<void>>()
  /** Instances that were left to the supervisor: it restarts them whatever their exit status is. */
  readonly #takenOver = new Set<string>()
  /** While another owner has the instances: those that have died by themselves since. Otherwise undefined. */
  #orphans: Set<string> | undefined
  #setup: SupervisorSetup | undefined
  #term = new AbortController()

  constructor(options: SupervisorOptions) {
    this.#options = options
    this.#probe = options.probe ?? isLive
    this.#backOff = createRestartBackOff(options.clock)
    this.#stopListening = options.runtime.onInstance((event) => this.#onInstance(event))
  }

  /**
   * Hands all instances over to the caller, who starts and stops them. Resolves when no restart is
   * running any more; a start that the supervisor has begun stays begun. The next {@link setUp} takes
   * the instances back.
   */
  async release(): Promise<void> {
    this.#forget()
    const restarts = [...this.#restarts]
    // A restart that is interrupted between its kill and its start leaves the instance down.
    this.#orphans = new Set(restarts.filter(([, { began }]) => began).map(([name]) => name))
    for (const [, { cancel }] of restarts) cancel.abort()
    await Promise.all(restarts.map(async ([, { ended }]) => await ended))
  }

  /**
   * Uses this setup from now on and cancels planned restarts. Before the first setup the supervisor
   * does nothing. After {@link release} it also restarts what has died by itself in the meantime.
   */
  setUp(setup: SupervisorSetup): void {
    const orphans = this.#orphans ?? []
    this.#orphans = undefined
    this.#forget()
    this.#setup = setup
    for (const name of orphans) this.#restartLater(name, setup)
    this.#term = new AbortController()
    if (setup.restarts && setup.livenessFailuresMax > 0)
      this.#do(this.#keepProbing(setup, this.#term.signal))
  }

  /**
   * Restarts an instance that is down as if it had ended by itself. From now on it is restarted even when it refuses its
   * configuration, until another owner starts or ends it. An orchestrator does so after a deploy: it cannot see whether the
   * new setting, or what the setting names, will be right a moment later. At a start that a user asks for, the user
   * receives the error instead.
   */
  takeOver(instance: string): void {
    this.#takenOver.add(instance)
    this.#orphans?.add(instance)
    if (this.#setup !== undefined && !this.#restarts.has(instance))
      this.#restartLater(instance, this.#setup)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#stopListening()
    this.#forget()
    await Promise.all(this.#tasks)
  }

  #forget(): void {
    this.#setup = undefined
    this.#term.abort()
    for (const { cancel, began } of this.#restarts.values()) if (!began) cancel.abort()
  }

  #onInstance(event: InstanceEvent): void {
    const { instance, state, by: requestedBy, code } = event
    this.#heardOf.add(instance)
    if (state === 'ready' || state === 'paused') this.#running.add(instance)
    else this.#running.delete(instance)
    this.#backOff.onInstance(event, this.#setup)
    // Its own events belong to its restart.
    if (requestedBy === 'supervisor') return
    // An instance has one owner: any event of another one makes an earlier plan obsolete. A restart
    // that has begun ends with an error of its own when the instance dies again.
    const restart = this.#restarts.get(instance)
    if (requestedBy !== 'itself' || restart?.began === false) restart?.cancel.abort()
    if (requestedBy !== 'itself') this.#takenOver.delete(instance)
    // With the same configuration another start would fail too.
    const isHopeless = code === badConfiguration && !this.#takenOver.has(instance)
    const died = state === 'exited' && requestedBy === 'itself' && !isHopeless
    this.#orphans?.delete(instance)
    if (died) this.#orphans?.add(instance)
    if (died && this.#setup?.restarts === true) this.#restartLater(instance, this.#setup)
  }

  #restartLater(name: string, setup: SupervisorSetup): void {
    if (!setup.restarts) return
    const { clock } = this.#options
    const { restarts, delayMs } = this.#backOff.next(name, setup)
    if (restarts > 0)
      this.#note(
        'warning',
        `${name} has ended again. The supervisor starts it in ${formatDuration(delayMs)} (restart ${restarts + 1} in a row).`,
      )
    this.#restart(name, async (restart, signal) => {
      await clock.sleep(delayMs, signal)
      restart.began = true
      await this.#start(name, signal)
    })
  }

  async #start(name: string, signal: AbortSignal): Promise<void> {
    this.#backOff.restarted(name)
    await this.#options.runtime.start(name, { by, signal })
  }

  async #keepProbing(setup: SupervisorSetup, signal: AbortSignal): Promise<void> {
    const { clock, runtime, system } = this.#options
    const { instances } = system.topology
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
          this.#replace(name, count, setup)
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
    const { runtime, system } = this.#options
    const url = `${runtime.addresses.http(name)}${healthPathsOf(system).live}`
    if (this.#isLeaving(name) || (await this.#probe(url, probeTimeoutMs))) return true
    return !this.#running.has(name) || this.#isLeaving(name)
  }

  #isLeaving(name: string): boolean {
    return this.#options.isLeaving?.(name) ?? false
  }

  /** The first restart of a live process that does not respond needs no delay. */
  #replace(name: string, failures: number, setup: SupervisorSetup): void {
    const { clock, runtime } = this.#options
    const { restarts, delayMs } = this.#backOff.next(name, setup)
    const when = restarts === 0 ? '' : ` in ${formatDuration(delayMs)}`
    this.#running.delete(name)
    this.#note(
      'warning',
      `${name} failed its liveness probe ${failures} times in a row; the supervisor restarts it${when}.`,
    )
    this.#restart(name, async (restart, signal) => {
      restart.began = true
      await runtime.kill(name, { by })
      if (restarts > 0) await clock.sleep(delayMs, signal)
      // During the kill another owner may have asked for something else.
      signal.throwIfAborted()
      await this.#start(name, signal)
    })
  }

  /** Runs one restart of the instance. It ends early when it is cancelled. */
  #restart(name: string, act: (restart: Restart, signal: AbortSignal) => Promise<void>): void {
    const cancel = new AbortController()
    const restart: Restart = { cancel, began: false, ended: Promise.resolve() }
    this.#restarts.get(name)?.cancel.abort()
    this.#restarts.set(name, restart)
    restart.ended = (async () => {
      try {
        await act(restart, cancel.signal)
      } catch (error) {
        // If the instance died again, its exit event plans the next restart.
        if (!cancel.signal.aborted)
          this.#note('warning', `The supervisor could not restart ${name}: ${messageOf(error)}`)
      } finally {
        if (this.#restarts.get(name) === restart) this.#restarts.delete(name)
      }
    })()
    this.#do(restart.ended)
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
