import type { TrapRequest } from '#chaos/contracts/links.ts'
import type { Truth, TruthCounters } from '#chaos/contracts/truth.ts'

import { actOn, type Acting, type ActingSandbox } from './act-on.ts'
import { serviceOf } from './matrix.ts'
import type { Column } from './planning/columns.ts'
import { type Ack, type FlowName, runFlow } from './planning/flows.ts'
import { clientTimeoutMs, lateByMs, patienceMs, silenceMaxMs } from './planning/profile.ts'
import type { Recorder } from './recorder.ts'

/** The part of an X-ray's sandbox that places an order. */
export interface OrderSandbox extends ActingSandbox {
  rest(leftover: TruthCounters): Promise<'quiet' | 'forgotten' | 'moving'>
}

/** Which message is hit, and how. */
export interface Shot {
  readonly column: Column
  readonly links: readonly string[]
  readonly exchange: string
  readonly nth: number
  /** Its messages carry the order's key; else nothing else goes on. */
  readonly tagged: boolean
  readonly afterExchange?: Omit<NonNullable<TrapRequest['afterExchange']>, 'transaction'>
}

/** One order, from its first message to rest. */
export interface ObservedOrder {
  readonly key: string
  readonly ack: Ack
  readonly startMs: number
  /** The message on which the trap sprang; absent without a trap, or when it never did. */
  readonly sprung?: NonNullable<Awaited<Acting['done']>['sprung']>
  /** Instances that were killed, or died of it. */
  readonly restarts: readonly string[]
  /** Milliseconds from the fault (else from the first request) until everything was at rest; null: it never was. */
  readonly quietAfterMs: number | null
  /** Milliseconds from the fault (else from the first request) until the last message of the order. */
  readonly doneAfterMs: number
  readonly exchanges: Recorder['exchanges']
  readonly instances: Recorder['instances']
  readonly before: Truth
  readonly truth: Truth
  readonly wallMs: number
  /** Our own failure: nothing can be said. */
  readonly error?: string
}

export interface ObservedOrderRequest {
  readonly flow: FlowName
  readonly key: string
  readonly shot?: Shot
  /** Where the client enters first. */
  readonly entry?: 'api-1' | 'api-2'
}

const trapLeaseMs = 30_000
const pollMs = 20
/** No message of the order for so long: it is not in the middle of something. */
const lullMs = 80
const pauseMaxMs = 700
const recoveryMaxMs = 5_000

/** Places an order with a trap on one of its messages, does what the column says, and waits for rest. */
export async function placeObservedOrder(
  stack: OrderSandbox,
  order: ObservedOrderRequest,
): Promise<ObservedOrder> {
  const { sandbox, recorder, setup } = stack
  const { clock, links, truth } = sandbox
  const wallFromMs = clock.now()
  const [before, leftover] = await Promise.all([
    truth.read(setup.signal),
    truth.counters(setup.signal),
  ])
  recorder.clear()
  const trap = order.shot === undefined ? undefined : trapRequest(order.key, order.shot)
  if (trap !== undefined) await links.armTrap(trap)
  const startMs = clock.now()
  const acting = actOn(stack, trap?.id, order.shot?.column.act)
  try {
    const ack = await runFlow({
      flow: order.flow,
      key: order.key,
      entries: entriesOf(stack, order.entry ?? 'api-1'),
      timeoutMs: clientTimeoutMs,
      clock,
      order: { sku: 'tea', quantity: 2, customer: 'ann' },
      pause: () => untilLull(stack, order, acting),
    })
    const quietAtMs = await waitForRest(stack, order.key, leftover, acting)
    acting.giveUp()
    const { sprung, error } = await acting.done
    // A mute connection would go on holding locks and places that the next order needs.
    if (sprung?.event.link !== undefined && order.shot?.column.act === 'silence')
      await links.resetConnections(sprung.event.link)
    return {
      key: order.key,
      ack,
      startMs,
      ...(sprung === undefined ? {} : { sprung }),
      ...(error === undefined ? {} : { error }),
      restarts: diedIn(recorder),
      quietAfterMs: quietAtMs === null ? null : quietAtMs - (sprung?.atMs ?? startMs),
      doneAfterMs: Math.max(0, lastMessageAt(recorder, order.key) - (sprung?.atMs ?? startMs)),
      exchanges: recorder.exchanges,
      instances: recorder.instances,
      before,
      truth: await truth.read(setup.signal),
      wallMs: clock.now() - wallFromMs,
    }
  } finally {
    acting.giveUp()
    if (trap !== undefined) await links.disarmTrap(trap.id).catch(() => {})
  }
}

function trapRequest(key: string, shot: Shot): TrapRequest {
  const [caller = '', callee = ''] = (shot.links[0] ?? '').split(':').map(serviceOf)
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

/** Resolves with the time at which nothing moved any more, or null when that never came. */
async function waitForRest(
  stack: OrderSandbox,
  key: string,
  leftover: TruthCounters,
  acting: Acting,
): Promise<number | null> {
  const { sandbox, recorder, setup } = stack
  const { clock } = sandbox
  const fromMs = clock.now()
  for (;;) {
    const nowMs = clock.now()
    const busyAtMs = Math.max(fromMs, acting.endedAtMs ?? 0, lastMessageAt(recorder, key))
    const still = !acting.underWay && nowMs - busyAtMs >= lullMs && downIn(recorder).length === 0
    if (still) {
      const rest = await stack.rest(leftover)
      if (rest === 'quiet') return Math.max(busyAtMs, lastChange(recorder))
      // Nobody has it in hand any more, and whoever might have picked it up had the time to.
      if (rest === 'forgotten' && nowMs - busyAtMs >= silenceMaxMs) return null
    }
    if (nowMs - Math.max(fromMs, acting.endedAtMs ?? 0) >= patienceMs) return null
    await clock.sleep(pollMs, setup.signal)
  }
}

/**
 * A client that tries again does so a while later: when the order is done, or in the middle of something for long; and when
 * who died is back, because whether it finds somebody would be a matter of luck.
 */
async function untilLull(
  { sandbox, recorder, setup }: OrderSandbox,
  { key, shot }: ObservedOrderRequest,
  acting: Acting,
): Promise<void> {
  const { clock } = sandbox
  const kills = shot?.column.act === 'kill-caller' || shot?.column.act === 'kill-callee'
  const fromMs = clock.now()
  for (;;) {
    const nowMs = clock.now()
    const recovering = (kills && acting.underWay) || downIn(recorder).length > 0
    const still = nowMs - Math.max(fromMs, lastMessageAt(recorder, key)) >= lullMs
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

/** Instances that have died since the order began, and are not ready again. */
function downIn({ instances }: Recorder): string[] {
  const states = new Map(instances.map(({ event }) => [event.instance, event.state]))
  return [...states].filter(([, state]) => state !== 'ready').map(([instance]) => instance)
}

function diedIn({ instances }: Recorder): string[] {
  const died = instances.filter(({ event }) => event.state === 'exited')
  return [...new Set(died.map(({ event }) => event.instance))]
}

/** The client goes to the other instance with its second attempt. */
function entriesOf({ sandbox }: OrderSandbox, first: 'api-1' | 'api-2') {
  const second = first === 'api-1' ? 'api-2' : 'api-1'
  return [first, second].map((instance) => ({
    instance,
    url: sandbox.runtime.addresses.clientUrl(instance),
  }))
}
