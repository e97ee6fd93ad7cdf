import type { TrapEvent } from '#chaos/contracts/links.ts'
import type { Sandbox } from '#chaos/engine/sandbox.ts'
import { messageOf } from '#chaos/lib/errors.ts'

import type { Column } from './planning/columns.ts'
import type { Recorder } from './recorder.ts'

/** The part of an X-ray's sandbox that acts on a trap. */
export interface ActingSandbox {
  readonly sandbox: Sandbox
  readonly recorder: Recorder
  readonly setup: { readonly tag: string; readonly signal: AbortSignal }
}

/** What is being done about a trap. */
export interface Acting {
  /** It has sprung, and what it is for is not over yet. */
  readonly underWay: boolean
  readonly endedAtMs: number | undefined
  readonly done: Promise<{
    readonly sprung?: { readonly event: TrapEvent; readonly atMs: number }
    readonly error?: string
  }>
  /** No longer waits for a trap that has not sprung. */
  giveUp(): void
}

/**
 * Waits until the trap springs. A process that is to die is killed while its message is held, and its connections are cut
 * when it is gone: had it seen them go first, it would have run its error handlers. Then it is started again.
 */
export function actOn(
  stack: ActingSandbox,
  id: string | undefined,
  act: Column['act'] | undefined,
): Acting {
  const { sandbox, recorder, setup } = stack
  const { clock } = sandbox
  const over = new AbortController()
  const given = AbortSignal.any([over.signal, setup.signal])
  let underWay = false
  let endedAtMs: number | undefined
  const run = async (): Promise<Awaited<Acting['done']>> => {
    const event = id === undefined ? undefined : await recorder.sprung(id, given)
    if (event === undefined || id === undefined) return {}
    const sprung = { event, atMs: clock.now() }
    underWay = true
    try {
      if (act === 'kill-caller' || act === 'kill-callee') await killHeld(stack, id, event, act)
      if (act === 'late') await recorder.released(id, setup.signal)
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

async function killHeld(
  { sandbox, setup }: ActingSandbox,
  id: string,
  event: TrapEvent,
  act: 'kill-caller' | 'kill-callee',
): Promise<void> {
  const { runtime, links } = sandbox
  const [caller, callee] = (event.link ?? '').split(':')
  const victim = act === 'kill-caller' ? caller : callee
  if (victim === undefined) throw new Error(`the link ${event.link} has no such end`)
  await runtime.kill(victim, { by: 'scenario' })
  await links.releaseHeld(id, 'cut')
  await runtime.start(victim, { by: 'scenario', signal: setup.signal })
}
