import type { Ack, Flow, FlowRun, FlowSource } from '#chaos/contracts/system/flow.ts'
import { formatDuration } from '#chaos/lib/duration.ts'
import { startMaxMs } from '#chaos/runtime/start-deadline.ts'

import type { ActingSandbox, TrapAction } from './act-on-trap.ts'
import { downIn, lastMessageAt } from './recorder.ts'

/** What a run reads before and after itself. */
export interface OpenSource extends AsyncDisposable {
  read(key: string): Promise<unknown>
}

const pollMs = 50
/** A source is read this often while a run may still go on. */
const readEveryMs = 250
/** Without a message of the run for this time, no operation is in the middle. */
const quietMs = 400
/**
 * Another worker takes over the job of a worker that died: in BullMQ and Bull, a lock lasts 30 s, and they look for expired ones
 * every 30 s.
 */
const takenOverWithinMs = 75_000
/** A run whose last message is not older than this when its time is over still goes on. */
const activeMs = 1_000
/** An instance that is down for this time after the run's own time does not come back: the run has no end. */
const downMaxMs = 60_000

/** The flow's own source, or the system's sources of truth. */
export function openFlowSource({ sandbox, setup }: ActingSandbox, flow: Flow): OpenSource {
  const { truth, runtime } = sandbox
  const own = flow.source?.open(runtime.addresses)
  return {
    read: async (key) => await (own?.read(key, setup.signal) ?? truth.read(setup.signal)),
    [Symbol.asyncDispose]: async () => await own?.[Symbol.asyncDispose](),
  }
}

/** A run in progress, as its source judges it. */
export interface OpenRun {
  readonly begun: Omit<FlowRun, 'settledAfterMs' | 'truth' | 'exchanges'>
  readonly source: OpenSource
  readonly own: FlowSource
  readonly action: TrapAction
  /** The fault leaves a connection open without a reply: its caller may wait until its own timeout. */
  readonly silent: boolean
}

/**
 * Waits until the result of the run is certain: its effect is complete and no work is in progress, or the time is over after
 * which everything has ended. Resolves with the time at which the run had settled; null: work is still in progress. Throws when an
 * instance that ended does not become ready, and when the data plane ends.
 */
export async function waitUntilCertain(
  { sandbox, recorder, setup }: ActingSandbox,
  { begun, source, own, action, silent }: OpenRun,
): Promise<number | null> {
  const { clock } = sandbox
  const { key } = begun
  const fromMs = clock.now()
  let readAtMs = 0
  for (;;) {
    recorder.requireLinks()
    const nowMs = clock.now()
    const busyAtMs = Math.max(fromMs, action.endedAtMs ?? 0, lastMessageAt(recorder, key))
    const still = !action.underWay && downIn(recorder).length === 0
    const sinceMs = Math.max(fromMs, action.endedAtMs ?? 0)
    const isOver = still && nowMs - sinceMs >= own.settleMs
    const mayEnd = still && !silent && nowMs - busyAtMs >= quietMs
    if (!still && !action.underWay && nowMs - sinceMs >= own.settleMs + downMaxMs) return null
    if (isOver || (mayEnd && nowMs - readAtMs >= readEveryMs)) {
      readAtMs = nowMs
      const truth = await source.read(key).catch(() => undefined)
      const run = { ...begun, truth, exchanges: recorder.exchanges }
      if (truth !== undefined && own.isCertain(run)) return busyAtMs
      if (isOver) {
        const goesOn = truth === undefined || own.pending(truth) > own.pending(begun.before)
        return goesOn || clock.now() - lastMessageAt(recorder, key) < activeMs ? null : busyAtMs
      }
    }
    if (nowMs - fromMs >= startMaxMs && !still) throw new Error(neverBack(downIn(recorder)))
    await clock.sleep(pollMs, setup.signal)
  }
}

function neverBack(down: readonly string[]): string {
  const what =
    down.length === 0
      ? 'The fault of this run has not ended'
      : `${down.join(', ')} ended and did not become ready`
  const look = down.map((name) => `unhappy logs ${name}`).join('   ')
  return `${what} after ${formatDuration(startMaxMs)}. Find out why: ${look || 'unhappy status'}`
}

/**
 * Waits until no earlier run sends messages or has work in progress. Otherwise its late rows would count as those of the next run.
 * Work that does not end is left over: from then on, no run waits for it.
 */
export async function waitUntilQuiet(
  { sandbox, recorder, leftover, setup }: ActingSandbox,
  own: FlowSource | undefined,
  source: OpenSource,
): Promise<void> {
  if (own === undefined) return
  const { clock } = sandbox
  const fromMs = clock.now()
  for (;;) {
    const pending = own.pending(await source.read(''))
    leftover.pending = Math.min(leftover.pending, pending)
    const last = recorder.exchanges.findLast(({ event }) => event.transaction !== undefined)
    const waitedMs = clock.now() - fromMs
    const isStill = clock.now() - (last?.atMs ?? -Infinity) >= quietMs
    if (isStill && pending <= leftover.pending) return
    if (waitedMs >= Math.max(own.settleMs, takenOverWithinMs)) {
      leftover.pending = pending
      return
    }
    await clock.sleep(waitedMs < readEveryMs ? pollMs : readEveryMs, setup.signal)
  }
}

/** Sends the requests that had no success again, with the same key, when the flow asks for it, and reads the source when that has settled. */
export async function sendAgain(
  { recorder }: Pick<ActingSandbox, 'recorder'>,
  {
    flow,
    run,
    send,
    settle,
    source,
  }: {
    readonly flow: Flow
    readonly run: FlowRun
    readonly send: (skip: number) => Promise<Ack>
    readonly settle: (ack: Ack) => Promise<number | null>
    readonly source: OpenSource
  },
): Promise<Pick<FlowRun, 'again'>> {
  if (flow.source?.retries(run) !== true) return {}
  // The history of the run ends here.
  const { exchanges } = recorder
  recorder.exchanges = exchanges.slice()
  const ack = await send(run.ack.succeeded ?? 0)
  await settle(ack)
  const again = { ack, truth: await source.read(run.key), exchanges: recorder.exchanges }
  recorder.exchanges = exchanges
  return { again }
}
