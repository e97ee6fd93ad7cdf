import type { TrapEvent } from '#chaos/contracts/links.ts'

import type { InspectionHost } from '../plane/inspector.ts'
import type { Exchange } from './exchange.ts'
import type { Trap } from './trap.ts'

/** Where a message was caught, and what can be done with it. */
export interface HeldMessage {
  readonly link: string
  readonly connection: number
  readonly exchange: Exchange
  readonly phase: 'before' | 'after'
  deliver(): void
  cut(): void
  silence(): void
  /** The caller gets this instead. */
  replace(text: string): void
}

/**
 * A message that sprang one trap or several: each does its part in turn, and the first that ends the message ends it.
 * Returns a function to call when the connection is gone.
 */
export function springTraps(
  traps: readonly Trap[],
  caught: HeldMessage,
  host: InspectionHost,
): () => void {
  let ended = false
  let cancelTimer = (): void => {}
  let resetOthers = (): void => {}
  let current: Trap | undefined
  const report = (trap: Trap, what: TrapEvent['what'], detail?: string): void => {
    const transaction = trap.request.transaction ?? caught.exchange.tags[0]
    host.emit({
      type: 'trap',
      id: trap.request.id,
      what,
      link: caught.link,
      connection: caught.connection,
      exchange: caught.exchange.signature,
      phase: caught.phase,
      ...(transaction === undefined ? {} : { transaction }),
      ...(detail === undefined ? {} : { detail }),
    })
  }
  const next = (index: number): void => {
    const trap = traps[index]
    current = trap
    if (trap === undefined) {
      caught.deliver()
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
      else caught[how]()
      reset()
    }
    if (then.do === 'hold' || then.do === 'delay') {
      trap.state = 'held'
      trap.release = release
      if (then.do === 'hold' && then.dying !== undefined)
        resetOthers = host.silenceAll(endOf(caught.link, then.dying), caught.connection)
      if (then.do === 'delay') cancelTimer = host.after(then.delayMs, () => release('deliver'))
    }
    report(trap, 'sprung')
    // Whoever heard of it may have ended the connection at once.
    if (ended) return
    if (trap.release === undefined && trap.state === 'armed') trap.finish()
    if (then.do === 'deliver') next(index + 1)
    else if (then.do === 'replace') caught.replace(then.reply)
    else if (then.do === 'cut' || then.do === 'silence') caught[then.do]()
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

function endOf(link: string, end: 'caller' | 'callee'): string {
  const [caller = '', callee = ''] = link.split(':')
  return end === 'caller' ? caller : callee
}
