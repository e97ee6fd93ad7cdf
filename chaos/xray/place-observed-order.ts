import type { TrapRequest } from '#chaos/contracts/links.ts'
import type { ReceivedResponses } from '#chaos/contracts/truth.ts'
import type { ShopCounters, Truth } from '#chaos/shop/truth/truth.ts'

import { actOnTrap, type ActingSandbox, type TrapAction } from './act-on-trap.ts'
import { writeForgottenOrder } from './forgotten-order.ts'
import { serviceOfInstance } from './matrix.ts'
import type { MatrixColumn } from './planning/columns.ts'
import { type Ack, type FlowName, type FlowRun, runFlow } from './planning/flows.ts'
import { clientTimeoutMs, lateByMs, patienceMs, silenceMaxMs } from './planning/timers.ts'
import type { Recorder } from './recorder.ts'

/** The part of an X-ray's sandbox that places an order. */
export interface OrderSandbox extends ActingSandbox {
  unsettledWork(leftover: ShopCounters): Promise<'settled' | 'forgotten' | 'moving'>
}

/** The message that a trap catches, and what the trap does. */
export interface CellTrap {
  readonly column: MatrixColumn
  readonly links: readonly string[]
  readonly exchange: string
  readonly nth: number
  /**
   * The message carries the order's key. Otherwise the trap relies on no other order being in
   * progress.
   */
  readonly tagged: boolean
  readonly afterExchange?: Omit<NonNullable<TrapRequest['afterExchange']>, 'transaction'>
}

/** One order or one other flow, from its first message until it has settled. */
export interface ObservedOrder {
  readonly key: string
  readonly order: FlowRun['order']
  readonly ack: Ack
  readonly startMs: number
  /** Wall time of `startMs`, as an ISO date. */
  readonly startedAt: string
  /** When the trap fired, and on which message; absent without a trap, or when it did not fire. */
  readonly sprung?: NonNullable<Awaited<TrapAction['done']>['sprung']>
  /** Instances that exited during the order. */
  readonly restarts: readonly string[]
  /**
   * Milliseconds from the fault (else from the first request) until the order had settled; null: it
   * did not settle in time.
   */
  readonly settledAfterMs: number | null
  /**
   * Milliseconds from the fault (else from the first request) until the last message of the order.
   */
  readonly doneAfterMs: number
  readonly exchanges: Recorder['exchanges']
  readonly instances: Recorder['instances']
  readonly before: Truth
  readonly truth: Truth
  readonly wallMs: number
  /** The X-ray itself failed: there is no result. */
  readonly error?: string
}

export interface ObservedOrderRequest {
  readonly flow: FlowName
  readonly key: string
  readonly trap?: CellTrap
  /** The instance that receives the client's first request. */
  readonly entry?: 'api-1' | 'api-2'
  /** An order that has sent no message for this time is not settled; absent: only the patience of an X-ray counts. */
  readonly stillMaxMs?: number
}

const order = { sku: 'tea', quantity: 2, customer: 'ann' }
const trapLeaseMs = 30_000
const pollMs = 20
/** When no message of the order comes for this long, no operation is in the middle. */
const idleMs = 80
const pauseMaxMs = 700
const recoveryMaxMs = 5_000

/**
 * Places one order with a trap on one of its messages, acts as the column says, and waits until the
 * order has settled.
 */
export async function placeObservedOrder(
  xraySandbox: OrderSandbox,
  request: ObservedOrderRequest,
): Promise<ObservedOrder> {
  const { sandbox, recorder, setup } = xraySandbox
  const { clock, links, truth } = sandbox
  const wallFromMs = clock.now()
  const [before, leftover] = await Promise.all([
    truth.read(setup.signal) as Promise<Truth>,
    truth.counters(setup.signal) as Promise<ShopCounters>,
  ])
  recorder.clear()
  const trap = request.trap === undefined ? undefined : trapRequest(request.key, request.trap)
  if (trap !== undefined) await links.armTrap(trap)
  const startMs = clock.now()
  const startedAt = new Date(clock.wallTimeMs()).toISOString()
  const action = actOnTrap(xraySandbox, trap?.id, request.trap?.column.act)
  try {
    const ack = await begin(xraySandbox, request, action)
    const settledAtMs = await waitUntilSettled(xraySandbox, request, leftover, action)
    action.giveUp()
    const { sprung, error } = await action.done
    // A silenced connection would keep locks and pool slots that the next order needs.
    if (sprung?.event.link !== undefined && request.trap?.column.act === 'silence')
      await links.resetConnections(sprung.event.link)
    return {
      key: request.key,
      order,
      ack,
      startMs,
      startedAt,
      ...(sprung === undefined ? {} : { sprung }),
      ...(error === undefined ? {} : { error }),
      restarts: diedIn(recorder),
      settledAfterMs: settledAtMs === null ? null : settledAtMs - (sprung?.atMs ?? startMs),
      doneAfterMs: Math.max(0, lastMessageAt(recorder, request.key) - (sprung?.atMs ?? startMs)),
      exchanges: recorder.exchanges,
      instances: recorder.instances,
      before,
      truth: (await truth.read(setup.signal, quotesIn(ack))) as Truth,
      wallMs: clock.now() - wallFromMs,
    }
  } finally {
    action.giveUp()
    // A kill that is in progress would otherwise hit a process of the next order.
    await action.done
    if (trap !== undefined) await links.disarmTrap(trap.id).catch(() => {})
  }
}

/** What starts the flow: the client's requests, or an order that the queue has lost. */
async function begin(
  xraySandbox: OrderSandbox,
  request: ObservedOrderRequest,
  action: TrapAction,
): Promise<Ack> {
  const { clock, runtime } = xraySandbox.sandbox
  const { flow, key, entry = 'api-1' } = request
  if (flow === 'reconcile') {
    const id = await writeForgottenOrder(runtime.addresses.databaseUrl, key, order)
    return { outcome: 'ok', attempts: [], orderIds: [id] }
  }
  return await runFlow({
    flow,
    key,
    entries: entriesOf(xraySandbox, entry),
    timeoutMs: clientTimeoutMs,
    clock,
    order,
    pause: () => waitUntilIdle(xraySandbox, request, action),
  })
}

/** The amounts for which the client received payment methods. */
function quotesIn({ attempts }: Ack): readonly ReceivedResponses[] {
  return [
    {
      kind: 'quote',
      attempts: attempts.filter(({ body }) => body?.['paymentMethods'] !== undefined),
    },
  ]
}

function trapRequest(key: string, shot: CellTrap): TrapRequest {
  const [caller = '', callee = ''] = (shot.links[0] ?? '').split(':').map(serviceOfInstance)
  const { act, phase } = shot.column
  const then: TrapRequest['then'] =
    act === 'cut' || act === 'silence'
      ? { do: act }
      : act === 'late'
        ? { do: 'delay', delayMs: lateByMs(caller, callee) }
        : { do: 'hold', dying: act === 'kill-callee' ? 'callee' : 'caller' }
  return {
    id: `xray-${key}`,
    links: shot.links,
    exchange: shot.exchange,
    nth: shot.nth,
    phase,
    then,
    expiresInMs: trapLeaseMs,
    ...(shot.tagged ? { transaction: key } : {}),
    ...(shot.afterExchange === undefined
      ? {}
      : { afterExchange: { ...shot.afterExchange, transaction: key } }),
  }
}

/** Resolves with the time at which the order had settled, or null when it did not settle in time. */
async function waitUntilSettled(
  xraySandbox: OrderSandbox,
  { key, stillMaxMs = patienceMs }: ObservedOrderRequest,
  leftover: ShopCounters,
  action: TrapAction,
): Promise<number | null> {
  const { sandbox, recorder, setup } = xraySandbox
  const { clock } = sandbox
  const fromMs = clock.now()
  for (;;) {
    const nowMs = clock.now()
    const busyAtMs = Math.max(fromMs, action.endedAtMs ?? 0, lastMessageAt(recorder, key))
    const still = !action.underWay && nowMs - busyAtMs >= idleMs && downIn(recorder).length === 0
    if (still) {
      const work = await xraySandbox.unsettledWork(leftover)
      if (work === 'settled') return Math.max(busyAtMs, lastChange(recorder))
      // No job and no outbox message refers to the order, and the reconciler had time to act.
      if (work === 'forgotten' && nowMs - busyAtMs >= silenceMaxMs) return null
      if (nowMs - busyAtMs >= stillMaxMs) return null
    }
    const withinMs = setup.patienceMs ?? patienceMs
    if (nowMs - Math.max(fromMs, action.endedAtMs ?? 0) >= withinMs) return null
    await clock.sleep(pollMs, setup.signal)
  }
}

/**
 * When a client retries: the order has no messages for a while, or the client has waited long. A process that died must be
 * back first: otherwise chance would decide whether the retry reaches it.
 */
async function waitUntilIdle(
  { sandbox, recorder, setup }: OrderSandbox,
  { key, trap: shot }: ObservedOrderRequest,
  action: TrapAction,
): Promise<void> {
  const { clock } = sandbox
  const kills = shot?.column.act === 'kill-caller' || shot?.column.act === 'kill-callee'
  const fromMs = clock.now()
  for (;;) {
    const nowMs = clock.now()
    const recovering = (kills && action.underWay) || downIn(recorder).length > 0
    const still = nowMs - Math.max(fromMs, lastMessageAt(recorder, key)) >= idleMs
    if (!recovering && (still || nowMs - fromMs >= pauseMaxMs)) return
    if (nowMs - fromMs >= recoveryMaxMs) return
    await clock.sleep(pollMs, setup.signal)
  }
}

function lastMessageAt({ exchanges }: Recorder, key: string): number {
  const last = exchanges.findLast(({ event }) => event.transaction === key)
  return last?.atMs ?? 0
}

function lastChange({ instances }: Recorder): number {
  return instances.at(-1)?.atMs ?? 0
}

/** Instances that exited since the order began and are not ready again. */
function downIn({ instances }: Recorder): string[] {
  const states = new Map(instances.map(({ event }) => [event.instance, event.state]))
  return [...states].filter(([, state]) => state !== 'ready').map(([instance]) => instance)
}

function diedIn({ instances }: Recorder): string[] {
  const died = instances.filter(({ event }) => event.state === 'exited')
  return [...new Set(died.map(({ event }) => event.instance))]
}

/** The client sends its second attempt to the other instance. */
function entriesOf({ sandbox }: OrderSandbox, first: 'api-1' | 'api-2') {
  const second = first === 'api-1' ? 'api-2' : 'api-1'
  return [first, second].map((instance) => ({
    instance,
    url: sandbox.runtime.addresses.clientUrl(instance),
  }))
}
