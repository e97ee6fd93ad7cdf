import type { FaultEvent } from '#chaos/contracts/events.ts'
import type { ActiveFault, InjectedFault, TargetKind } from '#chaos/contracts/fault.ts'
import type { LinkStatus } from '#chaos/contracts/links.ts'
import { faultNamed } from '#chaos/faults/index.ts'
import type { Clock } from '#chaos/lib/clock.ts'
import { InputError, messageOf } from '#chaos/lib/errors.ts'

import type { HealStage, HealTask } from './heal-in-stages.ts'

/** Why a fault ended. */
export type HealReason = NonNullable<FaultEvent['reason']>

/** The active faults, each with the timer that heals it. */
export interface ActiveFaults {
  readonly list: () => readonly ActiveFault[]
  /** Adds the fault. It is healed by itself after `lastsMs`, or when its lease ends. */
  readonly add: (active: ActiveFault, injected: InjectedFault, lastsMs: number) => void
  readonly heal: (id: string, reason: HealReason) => Promise<void>
  /**
   * What heals every fault: links first; then frozen processes, because a frozen store does not respond; then the rest.
   * Within a stage, the latest fault comes first.
   */
  readonly healStages: (reason: HealReason) => readonly HealStage[]
  /** The targets of the faults that are being healed. */
  readonly healing: () => readonly string[]
  /** Heals the link faults of which nothing is left on the links. Reads the links only if there is such a fault. */
  readonly healVanished: (readLinks: () => Promise<readonly LinkStatus[]>) => Promise<void>
}

interface Entry {
  readonly active: ActiveFault
  readonly injected: InjectedFault
  /** Aborts the wait for the end of the fault. */
  readonly timer: AbortController
  healing?: Promise<void>
}

/** This long before its end a fault is left to its own timer, so that the reason is its lease. */
const nearEndMs = 1_000

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
    publish({ what: 'healed', fault: active, reason, ...workOf(injected) })
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
    healStages: (reason) => {
      const inTurn = createTurns()
      const tasksOf = (stage: Stage) => (): readonly HealTask[] =>
        [...entries.values()]
          .toReversed()
          .filter(({ active }) => stageOf(active) === stage)
          .map((entry) => taskOf(entry.active, inTurn, () => heal(entry, reason)))
      return [tasksOf('links'), tasksOf('frozen'), tasksOf('rest')]
    },
    healing: () =>
      [...entries.values()].flatMap(({ active, healing }) =>
        healing === undefined ? [] : active.targets,
      ),
    healVanished: async (readLinks) => {
      const candidates = [...entries.values()].filter(
        ({ active, injected, healing }) =>
          injected.remainsOn !== undefined &&
          healing === undefined &&
          Date.parse(active.until) - clock.wallTimeMs() > nearEndMs,
      )
      if (candidates.length === 0) return
      const links = await readLinks()
      const vanished = candidates.filter(
        ({ injected, healing }) => healing === undefined && injected.remainsOn?.(links) === false,
      )
      // `dispose` publishes an error.
      await Promise.allSettled(vanished.map((entry) => heal(entry, 'links-reset')))
    },
  }
}

function workOf(fault: InjectedFault): Pick<FaultEvent, 'work'> {
  const work = fault.work?.()
  return work === undefined ? {} : { work }
}

type Stage = 'links' | 'frozen' | 'rest'

function stageOf({ kind }: ActiveFault): Stage {
  const { target, freezes } = faultNamed(kind)
  if (target === 'link') return 'links'
  return freezes === true ? 'frozen' : 'rest'
}

type InTurn = (targets: readonly string[], work: () => Promise<void>) => Promise<void>

function taskOf(
  { kind, targets }: ActiveFault,
  inTurn: InTurn,
  heal: () => Promise<void>,
): HealTask {
  const kindOfTarget: TargetKind = faultNamed(kind).target
  return {
    what: `${kind} on ${targets.join(', ')}`,
    targets,
    run: async () => {
      await (kindOfTarget === 'instance' ? inTurn(targets, heal) : heal())
      return true
    },
  }
}

/**
 * Faults on the same instance are healed one after the other: a deploy before a crash determines with which environment the
 * instance starts.
 */
function createTurns(): InTurn {
  const last = new Map<string, Promise<unknown>>()
  return async (targets, work) => {
    const before = targets.flatMap((target) => last.get(target) ?? [])
    const mine = before.length === 0 ? work() : Promise.allSettled(before).then(work)
    for (const target of targets) last.set(target, mine)
    await mine
  }
}

function noSuchFault(id: string, known: readonly string[]): InputError {
  return new InputError(`There is no active fault "${id}". Its lease may have ended.`, {
    remedy: known.length === 0 ? 'No fault is active.' : `Active faults: ${known.join(', ')}.`,
    status: 404,
  })
}
