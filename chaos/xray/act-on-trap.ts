import type { TrapEvent } from '#chaos/contracts/links.ts'
import type { Sandbox } from '#chaos/engine/sandbox.ts'
import { messageOf } from '#chaos/lib/errors.ts'

import type { MatrixColumn } from './planning/columns.ts'
import type { Recorder } from './recorder.ts'

/** No message is held longer: the lease of its trap ends before. */
const heldMaxMs = 60_000

/** The part of an X-ray's sandbox that runs a flow and acts on its trap. */
export interface ActingSandbox {
  readonly sandbox: Sandbox
  readonly recorder: Recorder
  /** Work in progress that earlier runs left over and that does not end. */
  readonly leftover: { pending: number }
  readonly setup: {
    readonly patienceMs?: number
    readonly signal: AbortSignal
  }
}

/** What happens when a trap fires. */
export interface TrapAction {
  /** The trap has fired, and its action is not finished. */
  readonly underWay: boolean
  readonly endedAtMs: number | undefined
  readonly done: Promise<{
    readonly sprung?: { readonly event: TrapEvent; readonly atMs: number }
    readonly error?: string
  }>
  /** Stops waiting for a trap that has not fired. */
  giveUp(): void
}

/**
 * Waits until the trap fires and carries out the action. A process that must die is killed while
 * its message is held; its connections are cut after its death, because a living process would run
 * its error handlers. Then it is started again.
 */
export function actOnTrap(
  xraySandbox: ActingSandbox,
  id: string | undefined,
  act: MatrixColumn['act'] | undefined,
): TrapAction {
  const { sandbox, recorder, setup } = xraySandbox
  const { clock } = sandbox
  const over = new AbortController()
  const given = AbortSignal.any([over.signal, setup.signal])
  let underWay = false
  let endedAtMs: number | undefined
  const run = async (): Promise<Awaited<TrapAction['done']>> => {
    const event = id === undefined ? undefined : await recorder.sprung(id, given)
    if (event === undefined || id === undefined) return {}
    const sprung = { event, atMs: clock.now() }
    underWay = true
    try {
      if (act === 'kill-caller' || act === 'kill-callee')
        await killHeld(xraySandbox, id, event, act)
      if (act === 'late') {
        if (!(await isReleased(xraySandbox, id)))
          return { sprung, error: 'The late reply never left the link.' }
      }
      return { sprung }
    } catch (error) {
      return { sprung, error: messageOf(error) }
    } finally {
      underWay = false
      endedAtMs = clock.now()
    }
  }
  return {
    get underWay() {
      return underWay
    },
    get endedAtMs() {
      return endedAtMs
    },
    done: run(),
    giveUp: () => over.abort(),
  }
}

/** Links that restart report no release: then the message is gone. */
async function isReleased(
  { sandbox, recorder, setup }: ActingSandbox,
  id: string,
): Promise<boolean> {
  const over = new AbortController()
  const signal = AbortSignal.any([over.signal, setup.signal])
  const tooLong = sandbox.clock.sleep(heldMaxMs, signal).then(() => false)
  return await Promise.race([recorder.released(id, signal), tooLong]).finally(() => over.abort())
}

async function killHeld(
  { sandbox, setup }: ActingSandbox,
  id: string,
  event: TrapEvent,
  act: 'kill-caller' | 'kill-callee',
): Promise<void> {
  const { runtime, links } = sandbox
  const [caller, callee] = (event.link ?? '').split(':')
  const [name, address] =
    act === 'kill-caller' ? [caller, event.addresses?.caller] : [callee, event.addresses?.callee]
  if (name === undefined)
    throw new Error(`The trap event names no link with two ends: ${event.link}.`)
  const victim = (await runtime.instanceAt?.(name, address)) ?? name
  await runtime.kill(victim, { by: 'scenario' })
  try {
    await links.releaseHeld(id, 'cut')
  } finally {
    // Even when the data plane is gone: the next run needs this instance.
    await runtime.start(victim, { by: 'scenario', signal: setup.signal })
  }
}
