import type { InstanceEvent, RequestedBy } from '#chaos/contracts/runtime.ts'
import type { Clock } from '#chaos/lib/clock.ts'

import type { EngineEvent } from './engine/engine-events.ts'
import { exitOf } from './engine/exit-of.ts'

/** What we remember of an instance beyond what the engine knows. */
export interface Remembered {
  /** It was ready once since it was started. */
  wasReady: boolean
  /** Somebody stopped it in order. */
  stoppedOnPurpose: boolean
  /** Starts that the supervisor ordered. */
  restarts: number
  outOfMemory: boolean
  /** It ended without an order, and nobody has taken note by ending it. */
  diedByItself: boolean
}

/** Knows who ordered what, so that a death by order and a death by itself are told apart. */
export interface Tracker {
  of(instance: string): Remembered
  /**
   * Announces an order. Await what is returned after the engine has obeyed: it resolves when the engine has told of it, so
   * that a late event of this order is never taken for a death of the next one.
   */
  expect(
    instance: string,
    action: EngineEvent['action'],
    by: RequestedBy,
    purpose?: 'stop',
  ): Expected
  onEngineEvent(event: EngineEvent): void
  /** Somebody ends what has ended already: from now on it is down by order, and whoever wanted to bring it back hears. */
  keepDown(instance: string, by: RequestedBy, purpose?: 'stop'): void
  /** The instance answers its readiness probe. */
  ready(instance: string, by: InstanceEvent['by'], detail?: string): void
  onInstance(listener: (event: InstanceEvent) => void): () => void
}

export interface Expected {
  /** Resolves when the event has come, or does not come although it should have. */
  happened(): Promise<void>
  /** The engine refused: nothing will happen. */
  cancel(): void
}

interface Order {
  readonly action: EngineEvent['action']
  readonly by: RequestedBy
  readonly purpose: 'stop' | undefined
  readonly done: PromiseWithResolvers<void>
}

/** What a start makes one forget. */
const asNew = {
  wasReady: false,
  stoppedOnPurpose: false,
  outOfMemory: false,
  diedByItself: false,
}

/** How long the engine may take to tell what it has already done. */
const eventLateMs = 2_000

export function createTracker(clock: Clock): Tracker {
  const memory = new Map<string, Remembered>()
  const orders = new Map<string, Order[]>()
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
  const take = (instance: string, action: EngineEvent['action']): Order | undefined => {
    const list = orders.get(instance) ?? []
    const at = list.findIndex((order) => order.action === action)
    return at < 0 ? undefined : list.splice(at, 1)[0]
  }
  return {
    of,
    expect: (instance, action, by, purpose) => {
      const order = { action, by, purpose, done: Promise.withResolvers<void>() }
      orders.set(instance, [...(orders.get(instance) ?? []), order])
      const cancel = (): void => {
        const list = orders.get(instance) ?? []
        if (list.includes(order)) list.splice(list.indexOf(order), 1)
      }
      return { cancel, happened: () => withinReason(order.done.promise, clock).finally(cancel) }
    },
    onEngineEvent: (event) => {
      const order = take(event.instance, event.action)
      apply(of(event.instance), event, order, emit)
      order?.done.resolve()
    },
    keepDown: (instance, by, purpose) => {
      const remembered = of(instance)
      if (purpose === 'stop') remembered.stoppedOnPurpose = true
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
  order: Order | undefined,
  emit: (event: Omit<InstanceEvent, 'type'>) => void,
): void {
  const { instance } = event
  switch (event.action) {
    case 'oom':
      memory.outOfMemory = true
      return
    case 'start':
      Object.assign(memory, asNew)
      if (order?.by === 'supervisor') memory.restarts++
      // Nobody but a person with a Docker command starts what we did not order.
      return emit({ instance, state: 'starting', by: order?.by ?? 'user' })
    case 'pause':
      return emit({ instance, state: 'paused', by: order?.by ?? 'user' })
    case 'unpause':
      return emit({
        instance,
        state: memory.wasReady ? 'ready' : 'starting',
        by: order?.by ?? 'itself',
        ...(order === undefined ? { detail: 'the lease of the pause is over' } : {}),
      })
    case 'die': {
      memory.diedByItself = order === undefined
      memory.stoppedOnPurpose = order?.purpose === 'stop'
      return emit({
        instance,
        state: memory.stoppedOnPurpose ? 'absent' : 'exited',
        by: order?.by ?? 'itself',
        ...exitOf(event.exitCode ?? 0),
        ...(memory.outOfMemory ? { detail: 'out of memory: killed by the kernel' } : {}),
      })
    }
  }
}

async function withinReason(promise: Promise<void>, clock: Clock): Promise<void> {
  const patience = new AbortController()
  const tooLong = clock.sleep(eventLateMs, patience.signal).catch(() => undefined)
  await Promise.race([promise, tooLong])
  patience.abort()
}
