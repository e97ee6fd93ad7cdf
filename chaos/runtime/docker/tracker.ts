import type { InstanceEvent, RequestedBy } from '#chaos/contracts/runtime.ts'
import type { Clock } from '#chaos/lib/clock.ts'

import type { EngineEvent } from './engine/engine-events.ts'
import { exitOf } from './engine/exit-of.ts'
import { within } from './within.ts'

/** What the runtime remembers about an instance beyond what the engine reports. */
export interface Remembered {
  /** The instance has been ready since its last start. */
  wasReady: boolean
  /** Nothing of ours requested its last start. */
  startedUnasked: boolean
  /** A stop ended it, not a kill or a crash. */
  stoppedOnPurpose: boolean
  /** Starts that the supervisor requested. */
  restarts: number
  outOfMemory: boolean
  /** It ended without a request, and no later request has ended it. */
  diedByItself: boolean
}

/** Records who requested what, to distinguish a requested death from one without a request. */
export interface Tracker {
  of(instance: string): Remembered
  /**
   * Announces a request. After the engine has done it, await `happened()`: it resolves when the
   * engine has reported the event. So a late event of this request is never taken for the death of
   * the next start.
   */
  expect(
    instance: string,
    action: EngineEvent['action'],
    by: RequestedBy,
    purpose?: Purpose,
  ): Expected
  onEngineEvent(event: EngineEvent): void
  /**
   * A request ends an instance that has already ended: from now on it is down by request, and the
   * event cancels a planned restart.
   */
  keepDown(instance: string, by: RequestedBy, purpose?: Purpose): void
  /** The instance answers its readiness probe. */
  ready(instance: string, by: InstanceEvent['by'], detail?: string): void
  onInstance(listener: (event: InstanceEvent) => void): () => void
}

export interface Expected {
  /** Resolves when the event has arrived, or when it is overdue. */
  happened(): Promise<void>
  /** The engine refused the request: no event will arrive. */
  cancel(): void
}

/** Why it is ended on purpose: it stays down, or a run restarts it. */
export type Purpose = 'stop' | 'planned'

interface Pending {
  readonly action: EngineEvent['action']
  readonly by: RequestedBy
  readonly purpose: Purpose | undefined
  readonly done: PromiseWithResolvers<void>
}

/** What a start resets. */
const asNew = {
  wasReady: false,
  startedUnasked: false,
  stoppedOnPurpose: false,
  outOfMemory: false,
  diedByItself: false,
}

/** Limit for the engine to report what it has already done. */
const eventLateMs = 2_000

export function createTracker(clock: Clock): Tracker {
  const memory = new Map<string, Remembered>()
  const requests = new Map<string, Pending[]>()
  const listeners = new Set<(event: InstanceEvent) => void>()

  const of = (instance: string): Remembered => {
    const known = memory.get(instance)
    if (known !== undefined) return known
    const fresh = { ...asNew, restarts: 0 }
    memory.set(instance, fresh)
    return fresh
  }
  const emit = (event: Omit<InstanceEvent, 'type'>): void => {
    for (const listener of listeners) listener({ type: 'instance', ...event })
  }
  const take = (instance: string, action: EngineEvent['action']): Pending | undefined => {
    const list = requests.get(instance) ?? []
    const at = list.findIndex((pending) => pending.action === action)
    return at < 0 ? undefined : list.splice(at, 1)[0]
  }
  return {
    of,
    expect: (instance, action, by, purpose) => {
      const pending = { action, by, purpose, done: Promise.withResolvers<void>() }
      requests.set(instance, [...(requests.get(instance) ?? []), pending])
      const cancel = (): void => {
        const list = requests.get(instance) ?? []
        if (list.includes(pending)) list.splice(list.indexOf(pending), 1)
      }
      return {
        cancel,
        happened: () => within(eventLateMs, pending.done.promise, clock).finally(cancel),
      }
    },
    onEngineEvent: (event) => {
      const pending = take(event.instance, event.action)
      apply(of(event.instance), event, pending, emit)
      pending?.done.resolve()
    },
    keepDown: (instance, by, purpose) => {
      const remembered = of(instance)
      if (purpose !== undefined) remembered.stoppedOnPurpose = true
      const state = remembered.stoppedOnPurpose ? 'absent' : 'exited'
      if (remembered.diedByItself) emit({ instance, state, by, detail: 'it had already ended' })
      remembered.diedByItself = false
    },
    ready: (instance, by, detail) => {
      of(instance).wasReady = true
      emit({ instance, state: 'ready', by, ...(detail === undefined ? {} : { detail }) })
    },
    onInstance: (listener) => {
      listeners.add(listener)
      return () => void listeners.delete(listener)
    },
  }
}

function apply(
  memory: Remembered,
  event: EngineEvent,
  pending: Pending | undefined,
  emit: (event: Omit<InstanceEvent, 'type'>) => void,
): void {
  const { instance } = event
  switch (event.action) {
    case 'oom':
      memory.outOfMemory = true
      return
    case 'start':
      Object.assign(memory, asNew, { startedUnasked: pending === undefined })
      if (pending?.by === 'supervisor') memory.restarts++
      // The runtime did not request this start, so a user gave a Docker command.
      return emit({ instance, state: 'starting', by: pending?.by ?? 'user' })
    case 'pause':
      return emit({ instance, state: 'paused', by: pending?.by ?? 'user' })
    case 'unpause':
      return emit({
        instance,
        state: memory.wasReady ? 'ready' : 'starting',
        by: pending?.by ?? 'itself',
        ...(pending === undefined ? { detail: 'the lease of the pause ended' } : {}),
      })
    case 'die': {
      memory.diedByItself = pending === undefined
      memory.stoppedOnPurpose = pending?.purpose !== undefined
      return emit({
        instance,
        state: memory.stoppedOnPurpose ? 'absent' : 'exited',
        by: pending?.by ?? 'itself',
        ...exitOf(event.exitCode ?? 0),
        ...(pending?.purpose === 'planned' ? { planned: true } : {}),
        ...(memory.outOfMemory ? { detail: 'out of memory: killed by the kernel' } : {}),
      })
    }
  }
}
