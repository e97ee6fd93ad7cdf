import { availableParallelism } from 'node:os'

import type { Environment } from '#chaos/contracts/runtime.ts'
import type { System } from '#chaos/contracts/system.ts'
import type { Flow, InitialState } from '#chaos/contracts/system/flow.ts'
import { entriesOf } from '#chaos/contracts/topology.ts'
import { prepare } from '#chaos/engine/run/prepare.ts'
import type { RunRequest } from '#chaos/engine/run/run-request.ts'
import type { Sandbox } from '#chaos/engine/sandbox.ts'
import { supervisorIdle } from '#chaos/engine/scenario/defaults.ts'
import { setUpOnly } from '#chaos/engine/scenario/set-up-only.ts'
import { formatDuration } from '#chaos/lib/duration.ts'
import { messageOf } from '#chaos/lib/errors.ts'

import { EndedProcesses } from './between-runs/ended-processes.ts'
import { untilReady } from './between-runs/until-ready.ts'
import { WarmUp } from './between-runs/warm-up.ts'
import {
  observeFlow,
  type CellTrap,
  type ObservedFlow,
  type ObservedFlowRequest,
} from './observe-flow.ts'
import { Recorder } from './recorder.ts'

/** How many sandboxes an X-ray starts side by side, unless the user names another number. */
export const sandboxesDefault = Math.min(2, availableParallelism())

const tapLeaseMs = 600_000
/** A restart of the data plane takes less. */
const linksBackMs = 30_000
const linksPollMs = 200
/** A caller may still wait before it connects again: then the first of these runs has another effect. */
const warmUpRunsMax = 3
/** A tap that is older than this is renewed before the next run. */
const tapRenewedAfterMs = tapLeaseMs / 2

export interface XraySetup {
  /** Seam files that the system runs with; absent: its own. */
  readonly exercise?: RunRequest['exercise']
  /** Safety nets that are off. */
  readonly off: readonly string[]
  /** Absent: none. */
  readonly profiles?: readonly string[]
  /** Part of every run's key: two sandboxes never share a key. */
  readonly tag: string
  /** How long a run may take to settle; absent: as long as in an X-ray. */
  readonly patienceMs?: number
  readonly signal: AbortSignal
}

/**
 * A sandbox of one X-ray: runs one flow after the other and records every message. Disposing ends the recording.
 */
export class XraySandbox implements AsyncDisposable {
  readonly sandbox: Sandbox
  readonly recorder: Recorder
  readonly leftover = { pending: 0 }
  readonly setup: XraySetup
  #runs = 0
  #prepared = 0
  #tap: AsyncDisposable | undefined
  #tappedAtMs = 0
  #initialState: InitialState | undefined
  readonly #warmUp: WarmUp
  readonly #ended: EndedProcesses

  constructor(sandbox: Sandbox, setup: XraySetup) {
    this.sandbox = sandbox
    this.setup = setup
    this.recorder = new Recorder(sandbox.journal, sandbox.clock)
    this.#ended = new EndedProcesses(sandbox.runtime, sandbox.clock)
    this.#warmUp = new WarmUp(() => this.#entries(), sandbox.clock)
  }

  /** The flow of the X-ray, when its effect is known: it warms new processes up. */
  warmUpWith(flow: Flow): void {
    this.#warmUp.flow = flow
  }

  /** The last run has left rows that a run without a fault does not leave: the next run begins after one without a fault. */
  leftOtherRows(): void {
    this.#warmUp.chill()
  }

  /**
   * Restores the system: empty stores, short timers, the code under test, every instance ready and
   * warm. A user's own system keeps its data and its processes: only faults are healed.
   */
  async prepare(): Promise<void> {
    const { sandbox, recorder } = this
    const { signal } = this.setup
    // In a sandbox of its own, the preparation starts it.
    if (sandbox.system.adopted === true)
      await this.#untilLinks(async () => void (await sandbox.links.list()))
    await this.#recreate()
    await this.#leadThroughLinks()
    this.#nameUnreadable()
    // Preparing heals the data plane, which ends every tap.
    await this.tapAll()
    this.#warmUp.chillAll()
    await this.warm()
    const { addresses } = sandbox.runtime
    const parts = { addresses, recorder, clock: sandbox.clock, signal }
    this.#initialState = await sandbox.system.xray?.initialState?.(parts)
  }

  /** The X-ray sees only messages that pass a link. */
  async #leadThroughLinks(): Promise<void> {
    const { runtime, journal } = this.sandbox
    const { signal } = this.setup
    const left = (await runtime.leadThroughLinks?.({ by: 'scenario', signal })) ?? []
    if (left.length > 0)
      journal.note(
        'warning',
        `These connections use a fixed address, so they pass no link and have no cells: ${left.join(', ')}.`,
      )
  }

  #nameUnreadable(): void {
    const { journal, system } = this.sandbox
    const links = system.topology.links.filter(({ protocol }) => protocol === 'bytes')
    if (links.length > 0)
      journal.note(
        'warning',
        `These links pass bytes that no protocol reads, so their messages have no cells: ${links.map(({ name }) => name).join(', ')}.`,
      )
  }

  async #recreate(): Promise<void> {
    const { exercise, off, profiles = [], signal, tag } = this.setup
    const { sandbox } = this
    const scenario = setUpOnly('X-ray', {
      off,
      profiles,
      environment: shortTimers(sandbox.system),
      stock: {},
      supervisor: { ...supervisorIdle, restartDelayMs: 50 },
    })
    await prepare(sandbox, {
      id: `xray-${tag}-${(this.#prepared += 1)}`,
      scenario,
      seed: 1,
      folder: '',
      signal,
      ...(exercise === undefined ? {} : { exercise }),
    })
  }

  /** Taps every link, or renews the lease of the tap. */
  async tapAll(): Promise<void> {
    const before = this.#tap
    const names = this.sandbox.system.topology.links.map(({ name }) => name)
    this.recorder.linksEnded = false
    this.#tap = await this.sandbox.links.tap(names, { expiresInMs: tapLeaseMs })
    this.#tappedAtMs = this.sandbox.clock.now()
    // The data plane may have restarted: then that tap is gone.
    await Promise.resolve(before?.[Symbol.asyncDispose]()).catch(() => undefined)
  }

  /** Waits until the data plane does this. Throws with a remedy when it does not come back. */
  async #untilLinks(does: () => Promise<void>): Promise<void> {
    const { clock } = this.sandbox
    const untilMs = clock.now() + linksBackMs
    for (;;)
      try {
        return await does()
      } catch (error) {
        if (clock.now() >= untilMs)
          throw new Error(
            `The links do not answer for ${formatDuration(linksBackMs)}: ${messageOf(error)}. ${linksRemedy(this.sandbox.system)}`,
            { cause: error },
          )
        await clock.sleep(linksPollMs, this.setup.signal)
      }
  }

  /** Runs the flow once and resolves when the run has settled, or when it cannot settle any more. */
  async observe(
    flow: Flow,
    shot?: CellTrap,
    limits: Pick<ObservedFlowRequest, 'stillMaxMs' | 'disturb'> = {},
  ): Promise<ObservedFlow> {
    const tappedForMs = this.sandbox.clock.now() - this.#tappedAtMs
    if (this.recorder.linksEnded) await this.#untilLinks(async () => await this.tapAll())
    else if (tappedForMs > tapRenewedAfterMs) await this.tapAll()
    await this.#ended.startAgain(this.setup.signal)
    if (this.#initialState === undefined) this.#warmUp.chillIfUnused()
    await this.warm()
    await this.#initialState?.restore()
    const observed = await observeFlow(this, {
      flow,
      key: this.#nextKey(),
      ...limits,
      ...(shot === undefined ? {} : { trap: shot }),
    })
    if (shot === undefined && limits.disturb === undefined) await this.#ended.learn()
    const ended = shot === undefined ? [] : await this.#ended.find()
    const restarts = [...new Set([...observed.restarts, ...ended])]
    this.#warmUp.ran({ ...observed, restarts })
    // A caller may wait for a second or more before it connects again.
    const lostConnection = shot?.column.act === 'cut' || shot?.column.act === 'silence'
    if (lostConnection && this.#initialState === undefined) this.#warmUp.chill()
    return { ...observed, restarts }
  }

  /**
   * A new process opens connections and loads scripts with its first run: this run is not part of
   * the X-ray.
   */
  async warm(): Promise<void> {
    if (!this.#warmUp.isNeeded) return
    await untilReady(this)
    const flow = this.#warmUp.flow ?? Object.values(this.sandbox.system.flows)[0]
    if (flow === undefined) throw new Error(`The ${this.sandbox.system.name} has no flow.`)
    await this.#warmUp.each(async (entry) => {
      const run = async () => await observeFlow(this, { flow, key: this.#nextKey(), entry })
      let observed = await run()
      for (let runs = 1; runs < warmUpRunsMax && !isAsLearned(flow, observed); runs++)
        observed = await run()
      return observed
    })
  }

  /** Every process was restarted: none is warm. */
  restarted(): void {
    this.#warmUp.chillAll()
  }

  /** Ends the tap and the recording. The sandbox stays as it is. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.recorder[Symbol.dispose]()
    // The data plane may have restarted: then the tap is gone.
    await Promise.resolve(this.#tap?.[Symbol.asyncDispose]()).catch(() => undefined)
  }

  /** The instances that receive requests from outside. */
  #entries(): readonly string[] {
    return entriesOf(this.sandbox.system.topology).map(({ name }) => name)
  }

  #nextKey(): string {
    return `o-${this.setup.tag}-${String((this.#runs += 1)).padStart(6, '0')}`
  }
}

function linksRemedy({ adopted }: System): string {
  return adopted === true
    ? 'Adopt the system again: unhappy release, then unhappy adopt'
    : 'Start the sandbox again: unhappy down, then unhappy up'
}

/** The run has its whole effect, and nothing else. True for a flow that has learned nothing. */
function isAsLearned(flow: Flow, observed: ObservedFlow): boolean {
  if (flow.learning?.learned === undefined) return true
  const { result, evidence = [] } = flow.judge(observed)
  return result === 'ok' && evidence.every(({ sign }) => sign === ' ')
}

/** The environment of each service and of each instance with variables of its own. */
function shortTimers({ topology, xray }: System): Readonly<Record<string, Environment>> {
  const timers = Object.fromEntries(
    Object.entries(xray?.timers ?? {}).map(([name, value]) => [name, String(value)]),
  )
  const own = xray?.environment ?? {}
  const services = topology.instances.map(({ service }) => service)
  return Object.fromEntries(
    [...services, ...Object.keys(own)].map((name) => [name, { ...timers, ...own[name] }]),
  )
}
