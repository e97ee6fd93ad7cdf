import type { TrapRequest } from '#chaos/contracts/links.ts'
import type { Ack, Flow, FlowRun } from '#chaos/contracts/system/flow.ts'
import { client, entriesOf } from '#chaos/contracts/topology.ts'
import type { TruthCounters } from '#chaos/contracts/truth.ts'

import { actOnTrap, type ActingSandbox, type TrapAction } from './act-on-trap.ts'
import type { BeginDisturbance } from './disturbance.ts'
import { openFlowSource, sendAgain, waitUntilCertain, waitUntilQuiet } from './flow-source.ts'
import type { MatrixColumn } from './planning/columns.ts'
import { clientTimeoutMs, lateByMs, patienceMs } from './planning/patience.ts'
import { downIn, lastMessageAt, type Recorder } from './recorder.ts'
import { sendRequests } from './send-requests.ts'
import { serviceLinkOf } from './services.ts'
import { foundWithinMs, workAfter } from './work-after.ts'

/** The message that a trap catches, and what the trap does. */
export interface CellTrap {
  readonly column: MatrixColumn
  readonly links: readonly string[]
  readonly exchange: string
  readonly nth: number
  /** The message carries the run's key. Otherwise the trap relies on no other run being in progress. */
  readonly tagged: boolean
  readonly afterExchange?: Omit<NonNullable<TrapRequest['afterExchange']>, 'transaction'>
}

/** One run of a flow, from its first message until it has settled. */
export interface ObservedFlow extends FlowRun {
  /** When the trap fired, and on which message; absent without a trap, or when it did not fire. */
  readonly sprung?: NonNullable<Awaited<TrapAction['done']>['sprung']>
  /** Instances that exited during the run, or whose process ended in a container that still runs. */
  readonly restarts: readonly string[]
  /** Milliseconds from the fault (else from the first request) until the last message of the run. */
  readonly doneAfterMs: number
  readonly exchanges: Recorder['exchanges']
  readonly instances: Recorder['instances']
  readonly wallMs: number
  /** The X-ray itself failed: there is no result. */
  readonly error?: string
}

export interface ObservedFlowRequest {
  readonly flow: Flow
  readonly key: string
  readonly trap?: CellTrap
  /** The instance that receives the client's first request. Absent: the first of those that receive requests from outside. */
  readonly entry?: string
  /** A run that has sent no message for this time is not settled; absent: only the patience of an X-ray counts. */
  readonly stillMaxMs?: number
  /** Begins when the stores have been read, and ends when the run has settled. Absent: nothing disturbs the run. */
  readonly disturb?: BeginDisturbance
}

const trapLeaseMs = 30_000
const pollMs = 20
/** When no message of the run comes for this long, no operation is in the middle. */
const idleMs = 80
const pauseMaxMs = 700
const recoveryMaxMs = 5_000

/**
 * Runs a flow once with a trap on one of its messages, acts as the column says, and waits until the
 * run has settled.
 */
export async function observeFlow(
  xraySandbox: ActingSandbox,
  request: ObservedFlowRequest,
): Promise<ObservedFlow> {
  const { sandbox, recorder, setup } = xraySandbox
  const { clock, links, truth } = sandbox
  const { flow, key } = request
  const wallFromMs = clock.now()
  await using source = openFlowSource(xraySandbox, flow)
  await waitUntilQuiet(xraySandbox, flow.source, source)
  const [before, leftover] = await Promise.all([
    source.read(key),
    flow.source === undefined ? truth.counters(setup.signal) : {},
  ])
  recorder.clear()
  const trap = request.trap === undefined ? undefined : trapRequest(xraySandbox, key, request.trap)
  await using _disturbance = await request.disturb?.()
  if (trap !== undefined) await links.armTrap(trap)
  const startMs = clock.now()
  const startedAt = new Date(clock.wallTimeMs()).toISOString()
  const action = actOnTrap(xraySandbox, trap?.id, request.trap?.column.act)
  try {
    const ack = await begin(xraySandbox, request, action)
    const begun = { key, ack, startMs, startedAt, before }
    const silent = ['silence', 'late'].includes(request.trap?.column.act ?? '')
    const settle = async (latest: Ack): Promise<number | null> =>
      flow.source === undefined
        ? await waitUntilSettled(xraySandbox, request, leftover, action)
        : await waitUntilCertain(xraySandbox, {
            begun: { ...begun, ack: latest },
            source,
            own: flow.source,
            action,
            silent: silent && latest === ack,
          })
    const settledAtMs = await settle(ack)
    action.giveUp()
    const { sprung, error } = await action.done
    recorder.requireLinks()
    // A silenced connection would keep locks and pool slots that the next run needs.
    if (sprung?.event.link !== undefined && request.trap?.column.act === 'silence')
      await links.resetConnections(sprung.event.link)
    const run = {
      ...begun,
      ...(sprung === undefined ? {} : { sprung }),
      ...(error === undefined ? {} : { error }),
      restarts: diedIn(recorder),
      settledAfterMs: settledAtMs === null ? null : settledAtMs - (sprung?.atMs ?? startMs),
      doneAfterMs: Math.max(0, lastMessageAt(recorder, key) - (sprung?.atMs ?? startMs)),
      exchanges: recorder.exchanges,
      instances: recorder.instances,
      truth: await (flow.readTruth?.(truth, ack, setup.signal) ?? source.read(key)),
    }
    const send = async (skip: number): Promise<Ack> =>
      await begin(xraySandbox, request, action, skip)
    const again = await sendAgain(xraySandbox, { flow, run, send, settle, source })
    return { ...run, ...again, wallMs: clock.now() - wallFromMs }
  } finally {
    action.giveUp()
    // A kill that is in progress would otherwise hit a process of the next run.
    await action.done
    if (trap !== undefined) await links.disarmTrap(trap.id).catch(() => {})
  }
}

/** Starts the flow: the client sends its requests without the first `skip` ones, or no client takes part. */
async function begin(
  xraySandbox: ActingSandbox,
  request: ObservedFlowRequest,
  action: TrapAction,
  skip = 0,
): Promise<Ack> {
  const { clock, runtime } = xraySandbox.sandbox
  const { flow, key } = request
  if ('begin' in flow.start) {
    await flow.start.begin(key, runtime.addresses)
    return { outcome: 'ok', attempts: [] }
  }
  return await sendRequests({
    start: flow.start,
    key,
    entries: entriesFrom(xraySandbox, request.entry, flow.start.to),
    timeoutMs: flow.start.timeoutMs ?? clientTimeoutMs,
    clock,
    skip,
    pause: () => waitUntilIdle(xraySandbox, request, action),
  })
}

function trapRequest({ sandbox }: ActingSandbox, key: string, shot: CellTrap): TrapRequest {
  const { topology, xray } = sandbox.system
  const [caller = '', callee = ''] = serviceLinkOf(shot.links[0] ?? '', topology).split(':')
  const { act, phase } = shot.column
  const then: TrapRequest['then'] =
    act === 'cut' || act === 'silence'
      ? { do: act }
      : act === 'late'
        ? {
            do: 'delay',
            delayMs: lateByMs(caller === client ? undefined : xray?.patienceMs?.(caller, callee)),
          }
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

/** Resolves with the time at which the run had settled, or null when it did not settle in time. */
async function waitUntilSettled(
  xraySandbox: ActingSandbox,
  { key, stillMaxMs = patienceMs }: ObservedFlowRequest,
  leftover: TruthCounters,
  action: TrapAction,
): Promise<number | null> {
  const { sandbox, recorder, setup } = xraySandbox
  const { clock, system } = sandbox
  const fromMs = clock.now()
  for (;;) {
    recorder.requireLinks()
    const nowMs = clock.now()
    const busyAtMs = Math.max(fromMs, action.endedAtMs ?? 0, lastMessageAt(recorder, key))
    const still = !action.underWay && nowMs - busyAtMs >= idleMs && downIn(recorder).length === 0
    if (still) {
      const work = await workAfter(leftover, sandbox, setup.signal)
      if (work === 'settled') return Math.max(busyAtMs, lastChange(recorder))
      // No process continues the work, and the safety net had time to find it.
      if (work === 'forgotten' && nowMs - busyAtMs >= foundWithinMs(system)) return null
      if (nowMs - busyAtMs >= stillMaxMs) return null
    }
    const withinMs = setup.patienceMs ?? patienceMs
    if (nowMs - Math.max(fromMs, action.endedAtMs ?? 0) >= withinMs) return null
    await clock.sleep(pollMs, setup.signal)
  }
}

/**
 * When a client retries: the run has no messages for a while, or the client has waited long. A process that died must be
 * back first: otherwise chance would decide whether the retry reaches it.
 */
async function waitUntilIdle(
  { sandbox, recorder, setup }: ActingSandbox,
  { key, trap: shot }: ObservedFlowRequest,
  action: TrapAction,
): Promise<void> {
  const { clock } = sandbox
  const kills = shot?.column.act === 'kill-caller' || shot?.column.act === 'kill-callee'
  const fromMs = clock.now()
  for (;;) {
    recorder.requireLinks()
    const nowMs = clock.now()
    const recovering = (kills && action.underWay) || downIn(recorder).length > 0
    const still = nowMs - Math.max(fromMs, lastMessageAt(recorder, key)) >= idleMs
    if (!recovering && (still || nowMs - fromMs >= pauseMaxMs)) return
    if (nowMs - fromMs >= recoveryMaxMs) return
    await clock.sleep(pollMs, setup.signal)
  }
}

function lastChange({ instances }: Recorder): number {
  return instances.at(-1)?.atMs ?? 0
}

function diedIn({ instances }: Recorder): string[] {
  const died = instances.filter(({ event }) => event.state === 'exited')
  return [...new Set(died.map(({ event }) => event.instance))]
}

/** Where the client sends its requests: the first instance, then the others. */
function entriesFrom({ sandbox }: ActingSandbox, first: string | undefined, to?: string) {
  const names = entriesOf(sandbox.system.topology)
    .filter(({ name, service }) => to === undefined || name === to || service === to)
    .map(({ name }) => name)
  const from = Math.max(0, names.indexOf(first ?? ''))
  return [...names.slice(from), ...names.slice(0, from)].map((instance) => ({
    instance,
    url: sandbox.runtime.addresses.clientUrl(instance),
  }))
}
