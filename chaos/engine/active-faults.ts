import type { HealReport } from '#chaos/contracts/api.ts'
import type { FaultEvent } from '#chaos/contracts/events.ts'
import type { ActiveFault, InjectedFault } from '#chaos/contracts/fault.ts'
import type { Clock } from '#chaos/lib/clock.ts'
import { InputError, messageOf } from '#chaos/lib/errors.ts'

/** Why a fault ended. */
export type HealReason = NonNullable<FaultEvent['reason']>

/** The active faults, each with the timer that heals it. */
export interface ActiveFaults {
  readonly list: () => readonly ActiveFault[]
  /** Adds the fault. It is healed by itself after `lastsMs`, or when its lease ends. */
  readonly add: (active: ActiveFault, injected: InjectedFault, lastsMs: number) => void
  readonly heal: (id: string, reason: HealReason) => Promise<void>
  readonly healAll: (reason: HealReason) => Promise<HealReport>
}

interface Entry {
  readonly active: ActiveFault
  readonly injected: InjectedFault
  /** Aborts the wait for the end of the fault. */
  readonly timer: AbortController
  healing?: Promise<void>
}

export function createActiveFaults(parts: {
  readonly clock: Clock
  readonly publish: (event: Omit<FaultEvent, 'type'>) => void
}): ActiveFaults {
  const { clock, publish } = parts
  const entries = new Map<string, Entry>()

  const dispose = async (entry: Entry, reason: HealReason): Promise<void> => {
    const { active, injected } = entry
    entry.timer.abort()
    try {
      await injected[Symbol.asyncDispose]()
    } catch (error) {
      // The fault stays in the list, so the next heal tries again.
      delete entry.healing
      publish({ what: 'failed', fault: active, error: `could not be healed: ${messageOf(error)}` })
      throw error
    }
    entries.delete(active.id)
    publish({ what: 'healed', fault: active, reason })
  }
  const heal = (entry: Entry, reason: HealReason): Promise<void> =>
    (entry.healing ??= dispose(entry, reason))

  const healOnTime = async (entry: Entry, lastsMs: number): Promise<void> => {
    const { leaseMs } = entry.active
    try {
      await clock.sleep(Math.min(lastsMs, leaseMs), entry.timer.signal)
      await heal(entry, lastsMs <= leaseMs ? 'over' : 'lease')
    } catch {
      // Healed earlier, or `dispose` has published the error.
    }
  }

  return {
    list: () => [...entries.values()].map(({ active }) => active),
    add: (active, injected, lastsMs) => {
      const entry: Entry = { active, injected, timer: new AbortController() }
      entries.set(active.id, entry)
      void healOnTime(entry, lastsMs)
    },
    heal: async (id, reason) => {
      const entry = entries.get(id)
      if (entry === undefined) throw noSuchFault(id, [...entries.keys()])
      await heal(entry, reason)
    },
    healAll: async (reason) => {
      const undone: string[] = []
      const couldNotUndo: { what: string; error: string }[] = []
      for (const entry of [...entries.values()].toReversed()) {
        const what = `${entry.active.kind} on ${entry.active.targets.join(', ')}`
        try {
          await heal(entry, reason)
          undone.push(what)
        } catch (error) {
          couldNotUndo.push({ what, error: messageOf(error) })
        }
      }
      return { undone, couldNotUndo }
    },
  }
}

function noSuchFault(id: string, known: readonly string[]): InputError {
  return new InputError(`There is no active fault "${id}". Its lease may have ended.`, {
    remedy: known.length === 0 ? 'No fault is active.' : `Active faults: ${known.join(', ')}.`,
    status: 404,
  })
}
