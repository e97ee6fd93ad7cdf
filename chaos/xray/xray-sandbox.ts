import { availableParallelism } from 'node:os'

import { prepare } from '#chaos/engine/run/prepare.ts'
import type { RunRequest } from '#chaos/engine/run/run-request.ts'
import type { Sandbox } from '#chaos/engine/sandbox.ts'
import { parseScenario } from '#chaos/engine/scenario/parse-scenario.ts'
import { StartTimeout } from '#chaos/runtime/start-deadline.ts'
import type { ShopCounters } from '#chaos/shop/truth/truth.ts'
import { instances as shopInstances, links as allLinks } from '#services/topology.ts'

import { type ConnectionCounts, countConnections, restoreInitialState } from './initial-state.ts'
import { placeObservedOrder, type ObservedOrder, type CellTrap } from './place-observed-order.ts'
import type { FlowName } from './planning/flows.ts'
import { scaledTimers, slowRelay } from './planning/timers.ts'
import { Recorder } from './recorder.ts'

/** How many sandboxes an X-ray starts side by side, unless the user names another number. */
export const sandboxesDefault = Math.min(2, availableParallelism())

const tapLeaseMs = 600_000
const unchangedMaxMs = 30_000
const readyMaxMs = 180_000
/** A tap that is older than this is renewed before the next order. */
const tapRenewedAfterMs = tapLeaseMs / 2

export interface XraySetup {
  /** Seam files that the shop runs with; absent: its own. */
  readonly exercise?: RunRequest['exercise']
  /** Safety nets that are off. */
  readonly off: readonly string[]
  /** Part of every order's key: two sandboxes never share a key. */
  readonly tag: string
  /** How long an order may take to settle; absent: as long as in an X-ray. */
  readonly patienceMs?: number
  readonly signal: AbortSignal
}

/**
 * A sandbox of one X-ray: places one order after the other and records every message. Disposing ends the recording.
 */
export class XraySandbox implements AsyncDisposable {
  readonly sandbox: Sandbox
  readonly recorder: Recorder
  readonly setup: XraySetup
  #orders = 0
  #prepared = 0
  #tap: AsyncDisposable | undefined
  #tappedAtMs = 0
  #connected: ConnectionCounts = new Map()
  /**
   * Instances that must handle an order before the next one counts: the first order of a new
   * process has additional messages.
   */
  #cold = new Set<'api-1' | 'api-2'>()

  constructor(sandbox: Sandbox, setup: XraySetup) {
    this.sandbox = sandbox
    this.setup = setup
    this.recorder = new Recorder(sandbox.journal, sandbox.clock)
  }

  /**
   * Restores the shop: empty books, short timers, the code under test, every instance ready and
   * warm.
   */
  async prepare(): Promise<void> {
    const { exercise, off, signal, tag } = this.setup
    const timers = Object.fromEntries(
      Object.entries(scaledTimers).map(([name, value]) => [name, String(value)]),
    )
    const scenario = parseScenario(
      JSON.stringify({
        title: 'X-ray',
        workload: { orders: '1/s', duration: '1s' },
        shop: {
          off,
          environment: {
            api: timers,
            worker: timers,
            payments: timers,
            [slowRelay.instance]: { ...timers, OUTBOX_POLL_MS: String(slowRelay.OUTBOX_POLL_MS) },
          },
          supervisor: { restarts: true, livenessFailures: 0, restartDelay: '50ms' },
        },
        expect: ['no-lost-orders'],
      }),
      { file: 'X-ray', system: this.sandbox.system },
    )
    await prepare(this.sandbox, {
      id: `xray-${tag}-${(this.#prepared += 1)}`,
      scenario,
      seed: 1,
      folder: '',
      signal,
      ...(exercise === undefined ? {} : { exercise }),
    })
    // Preparing heals the data plane, which ends every tap.
    await this.tapAll()
    this.#cold = new Set(['api-1', 'api-2'])
    await this.warm()
    this.#connected = await countConnections(this.sandbox.runtime.addresses.redisUrl)
  }

  /** Taps every link, or renews the lease of the tap. */
  async tapAll(): Promise<void> {
    const before = this.#tap
    const names = allLinks.map(({ name }) => name)
    this.#tap = await this.sandbox.links.tap(names, { expiresInMs: tapLeaseMs })
    this.#tappedAtMs = this.sandbox.clock.now()
    await before?.[Symbol.asyncDispose]()
  }

  /** Places one order and resolves when it has settled, or when it cannot settle any more. */
  async place(
    flow: FlowName,
    shot?: CellTrap,
    limits: { readonly stillMaxMs?: number } = {},
  ): Promise<ObservedOrder> {
    const tappedForMs = this.sandbox.clock.now() - this.#tappedAtMs
    if (tappedForMs > tapRenewedAfterMs) await this.tapAll()
    await this.warm()
    const { recorder } = this
    const { clock, runtime } = this.sandbox
    const { redisUrl } = runtime.addresses
    await restoreInitialState(
      { redisUrl, recorder, clock, signal: this.setup.signal },
      this.#connected,
    )
    const placed = await placeObservedOrder(this, {
      flow,
      key: this.#nextKey(),
      ...limits,
      ...(shot === undefined ? {} : { trap: shot }),
    })
    if (placed.restarts.length > 0) this.#cold.add('api-1')
    if (placed.restarts.includes('api-2')) this.#cold.add('api-2')
    return placed
  }

  /**
   * A new process opens connections and loads scripts with its first order: this order is not part
   * of the X-ray.
   */
  async warm(): Promise<void> {
    if (this.#cold.size === 0) return
    await this.ready()
    for (const entry of this.#cold)
      await placeObservedOrder(this, { flow: 'place-order', key: this.#nextKey(), entry })
    this.#cold.clear()
  }

  /**
   * Waits until every instance is ready. Starts instances that stay down. Throws when a start has no progress, when the states
   * of the instances do not change for 30 s, and after 3 minutes.
   */
  async ready(): Promise<void> {
    const { runtime, clock } = this.sandbox
    const { signal } = this.setup
    const fromMs = clock.now()
    let before = ''
    let changedAtMs = fromMs
    for (let i = 0; ; i++) {
      const down = (await runtime.status()).filter(({ state }) => state !== 'ready')
      if (down.length === 0) return
      const states = down.map(({ name, state, pid }) => `${name} is ${state} ${pid ?? ''}`).join()
      if (states !== before) changedAtMs = clock.now()
      before = states
      // A process that a scenario killed stays down until it is started.
      if (i % 20 === 10) {
        const startMs = clock.now()
        await Promise.all(down.map(async ({ name }) => await this.#startAgain(name)))
        // A start has a deadline of its own.
        changedAtMs += clock.now() - startMs
      }
      const nowMs = clock.now()
      if (nowMs - changedAtMs > unchangedMaxMs || nowMs - fromMs > readyMaxMs)
        throw new Error(
          `These instances are not ready after ${Math.round((nowMs - fromMs) / 1_000)} s: ${down.map(({ name, state }) => `${name} (${state})`).join(', ')}. Close other programs, or start the sandbox again: unhappy down, then unhappy up`,
        )
      await clock.sleep(50, signal)
    }
  }

  async #startAgain(name: string): Promise<void> {
    const { signal } = this.setup
    try {
      await this.sandbox.runtime.start(name, { by: 'scenario', signal })
    } catch (error) {
      // Another request may end it at the same time. The next status shows it.
      if (error instanceof StartTimeout) throw error
    }
  }

  /**
   * Compared with what earlier orders left over: `settled`, no order is open; `forgotten`, an order is open without a job
   * and without an outbox message; `moving`, a job or an outbox message exists.
   */
  async unsettledWork(leftover: ShopCounters): Promise<'settled' | 'forgotten' | 'moving'> {
    const now = (await this.sandbox.truth.counters(this.setup.signal).catch(() => undefined)) as
      | ShopCounters
      | undefined
    if (now === undefined || workCounters.some((name) => now[name] > leftover[name]))
      return 'moving'
    return now.unfinished > leftover.unfinished ? 'forgotten' : 'settled'
  }

  /** Ends the tap and the recording. The sandbox stays as it is. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.recorder[Symbol.dispose]()
    // The data plane may have restarted: then the tap is gone.
    await Promise.resolve(this.#tap?.[Symbol.asyncDispose]()).catch(() => undefined)
  }

  #nextKey(): string {
    return `o-${this.setup.tag}-${String((this.#orders += 1)).padStart(6, '0')}`
  }
}

const workCounters = [
  'queueWaiting',
  'queueActive',
  'queueDelayed',
  'outboxWaiting',
] as const satisfies readonly (keyof ShopCounters)[]

/** Every link between the instances of two services. */
export function linksBetween(serviceLink: string): string[] {
  const [caller = '', callee = ''] = serviceLink.split(':')
  const belongs = (name: string, service: string): boolean =>
    name === service ||
    shopInstances.some((instance) => instance.name === name && instance.service === service)
  return allLinks
    .filter((link) => belongs(link.caller, caller) && belongs(link.callee, callee))
    .map(({ name }) => name)
}
