import type { ConnectionAddresses, TrapEvent } from '#chaos/contracts/links.ts'

import type { InspectionHost } from '../plane/inspector.ts'
import type { Exchange } from './exchange.ts'
import type { Trap } from './trap.ts'

/** A message that sprang a trap: where it is, and what can be done with it. */
export interface HeldMessage {
  readonly link: string
  readonly connection: number
  readonly addresses: ConnectionAddresses | undefined
  readonly exchange: Exchange
  readonly phase: 'before' | 'after'
  deliver(): void
  cut(): void
  silence(): void
  /** Sends this to the caller instead. */
  replace(text: string): void
}

/**
 * Lets each trap that the message sprang act, one after the other. The first one that takes the message away is the last.
 * Returns a function to call when the connection is gone.
 */
export function springTraps(
  traps: readonly Trap[],
  held: HeldMessage,
  host: InspectionHost,
): () => void {
  let ended = false
  let cancelTimer = (): void => {}
  let resetOthers = (): void => {}
  let current: Trap | undefined
  const report = (trap: Trap, what: TrapEvent['what'], detail?: string): void => {
    const transaction = trap.request.transaction ?? held.exchange.tags[0]
    host.emit({
      type: 'trap',
      id: trap.request.id,
      what,
      link: held.link,
      connection: held.connection,
      ...(held.addresses === undefined ? {} : { addresses: held.addresses }),
      exchange: held.exchange.signature,
      phase: held.phase,
      ...(transaction === undefined ? {} : { transaction }),
      ...(detail === undefined ? {} : { detail }),
    })
  }
  const next = (index: number): void => {
    const trap = traps[index]
    current = trap
    if (trap === undefined) {
      held.deliver()
      return
    }
    const { then } = trap.request
    const release = (how: 'deliver' | 'cut' | 'silence'): void => {
      if (trap.release === undefined || ended) return
      trap.release = undefined
      cancelTimer()
      report(trap, 'released', how)
      trap.finish()
      const reset = resetOthers
      resetOthers = () => {}
      if (how === 'deliver') next(index + 1)
      else held[how]()
      reset()
    }
    if (then.do === 'hold' || then.do === 'delay') {
      trap.state = 'held'
      trap.release = release
      if (then.do === 'hold' && then.dying !== undefined)
        resetOthers = silenceInstance(held, then.dying, host)
      if (then.do === 'delay') cancelTimer = host.after(then.delayMs, () => release('deliver'))
    }
    report(trap, 'sprung')
    // A listener of the event may have ended the connection.
    if (ended) return
    if (trap.release === undefined && trap.state === 'armed') trap.finish()
    if (then.do === 'deliver') next(index + 1)
    else if (then.do === 'replace') held.replace(then.reply)
    else if (then.do === 'cut' || then.do === 'silence') held[then.do]()
  }
  next(0)
  return () => {
    if (ended) return
    ended = true
    cancelTimer()
    if (current?.release === undefined) return
    current.release = undefined
    report(current, 'released', 'the connection is gone')
    current.finish()
    resetOthers()
  }
}

/** Silences the other connections of the instance at this end of the message. */
function silenceInstance(
  { link, connection, addresses }: HeldMessage,
  end: 'caller' | 'callee',
  host: InspectionHost,
): () => void {
  const [caller = '', callee = ''] = link.split(':')
  return host.silenceAll(end === 'caller' ? caller : callee, connection, addresses?.[end])
}
