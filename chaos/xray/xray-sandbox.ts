import type { TruthCounters } from '#chaos/contracts/truth.ts'
import { prepare } from '#chaos/engine/run/prepare.ts'
import type { RunRequest } from '#chaos/engine/run/run-request.ts'
import type { Sandbox } from '#chaos/engine/sandbox.ts'
import { parseScenario } from '#chaos/engine/scenario/parse-scenario.ts'
import { instances as shopInstances, links as allLinks } from '#services/topology.ts'

import { type Connected, connectedTo, lineUp } from './line-up.ts'
import { placeObservedOrder, type ObservedOrder, type Shot } from './place-observed-order.ts'
import type { FlowName } from './planning/flows.ts'
import { scaledTimers, substitute } from './planning/profile.ts'
import { Recorder } from './recorder.ts'

const tapLeaseMs = 600_000

export interface XraySetup {
  /** Seam files to run the shop with; absent: its own. */
  readonly exercise?: RunRequest['exercise']
  /** Safety nets that are off. */
  readonly off: readonly string[]
  /** Goes into every order's key: two stacks never share one. */
  readonly tag: string
  readonly signal: AbortSignal
}

/** A sandbox that is used for one X-ray: places one order after the other and watches every message of it. */
export class XraySandbox {
  readonly sandbox: Sandbox
  readonly recorder: Recorder
  readonly setup: XraySetup
  #orders = 0
  #prepared = 0
  #tap: AsyncDisposable | undefined
  #connected: Connected = new Map()
  /** Where an order must go in before the next one counts: the first one of a fresh process says things that later do not. */
  #cold = new Set<'api-1' | 'api-2'>()

  constructor(sandbox: Sandbox, setup: XraySetup) {
    this.sandbox = sandbox
    this.setup = setup
    this.recorder = new Recorder(sandbox.journal, sandbox.clock)
  }

  /** Fresh books, short timers, the code that is to be looked at, everything ready and warm. */
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
            [substitute.instance]: { ...timers, OUTBOX_POLL_MS: String(substitute.OUTBOX_POLL_MS) },
          },
          supervisor: { restarts: true, livenessFailures: 0, restartDelay: '50ms' },
        },
        expect: ['no-lost-orders'],
      }),
      { file: 'X-ray' },
    )
    await prepare(this.sandbox, {
      id: `xray-${tag}-${(this.#prepared += 1)}`,
      scenario,
      seed: 1,
      folder: '',
      signal,
      ...(exercise === undefined ? {} : { exercise }),
    })
    // The data plane was healed: it has forgotten who taps.
    await this.tapAll()
    this.#cold = new Set(['api-1', 'api-2'])
    await this.warm()
    this.#connected = await connectedTo(this.sandbox.runtime.addresses.redisUrl)
  }

  /** Renews the lease, too. */
  async tapAll(): Promise<void> {
    const before = this.#tap
    const names = allLinks.map(({ name }) => name)
    this.#tap = await this.sandbox.links.tap(names, { expiresInMs: tapLeaseMs })
    await before?.[Symbol.asyncDispose]()
  }

  /** Places one order and resolves when everything is at rest, or will never be. */
  async place(flow: FlowName, shot?: Shot): Promise<ObservedOrder> {
    await this.warm()
    const { recorder } = this
    const { clock, runtime } = this.sandbox
    const { redisUrl } = runtime.addresses
    await lineUp({ redisUrl, recorder, clock, signal: this.setup.signal }, this.#connected)
    const placed = await placeObservedOrder(this, {
      flow,
      key: this.#nextKey(),
      ...(shot === undefined ? {} : { shot }),
    })
    if (placed.restarts.length > 0) this.#cold.add('api-1')
    if (placed.restarts.includes('api-2')) this.#cold.add('api-2')
    return placed
  }

  /** Processes that were just started have connections to open and scripts to send: one order does that. */
  async warm(): Promise<void> {
    if (this.#cold.size === 0) return
    await this.ready()
    for (const entry of this.#cold)
      await placeObservedOrder(this, { flow: 'place-order', key: this.#nextKey(), entry })
    this.#cold.clear()
  }

  /** Waits until every instance is ready. */
  async ready(): Promise<void> {
    const { runtime, clock } = this.sandbox
    const { signal } = this.setup
    for (let i = 0; ; i++) {
      const down = (await runtime.status()).filter(({ state }) => state !== 'ready')
      if (down.length === 0) return
      // What a scenario killed stays down until somebody starts it.
      if (i % 20 === 10)
        await Promise.all(
          down.map(({ name }) => runtime.start(name, { by: 'scenario', signal }).catch(() => {})),
        )
      if (i > 200) throw new Error(`${down.map(({ name }) => name).join(', ')}: not ready`)
      await clock.sleep(50, signal)
    }
  }

  /**
   * `quiet`: nothing is on its way that was not left over by earlier orders. `forgotten`: an order is, and no job and no
   * outbox row.
   */
  async rest(leftover: TruthCounters): Promise<'quiet' | 'forgotten' | 'moving'> {
    const now = await this.sandbox.truth.counters(this.setup.signal).catch(() => undefined)
    if (now === undefined || inHand.some((name) => now[name] > leftover[name])) return 'moving'
    return now.unfinished > leftover.unfinished ? 'forgotten' : 'quiet'
  }

  #nextKey(): string {
    return `o-${this.setup.tag}-${String((this.#orders += 1)).padStart(6, '0')}`
  }
}

const inHand = [
  'queueWaiting',
  'queueActive',
  'queueDelayed',
  'outboxWaiting',
] as const satisfies readonly (keyof TruthCounters)[]

/** Every link between these two services, whatever instances. */
export function linksBetween(serviceLink: string): string[] {
  const [caller = '', callee = ''] = serviceLink.split(':')
  const belongs = (name: string, service: string): boolean =>
    name === service ||
    shopInstances.some((instance) => instance.name === name && instance.service === service)
  return allLinks
    .filter((link) => belongs(link.caller, caller) && belongs(link.callee, callee))
    .map(({ name }) => name)
}
