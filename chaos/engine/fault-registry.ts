import type { HealReport } from '#chaos/contracts/api.ts'
import type { FaultEvent } from '#chaos/contracts/events.ts'
import type { ActiveFault, FaultContext, InjectedFault } from '#chaos/contracts/fault.ts'
import { faultNamed } from '#chaos/faults/index.ts'
import { InputError, messageOf } from '#chaos/lib/errors.ts'
import type { Random } from '#chaos/lib/random.ts'

import { createActiveFaults } from './active-faults.ts'
import type { ActiveFaults, HealReason } from './active-faults.ts'
import { healInStages } from './heal-in-stages.ts'
import type { Journal } from './journal.ts'
import { planFault } from './plan-fault.ts'
import type { RequestedFault } from './plan-fault.ts'

/** The active faults, and the only way to inject one. */
export interface FaultRegistry extends Omit<ActiveFaults, 'add'>, AsyncDisposable {
  /** Throws {@link InputError} for an invalid request. If the signal aborts during the injection, the fault is healed. */
  inject(request: RequestedFault, signal?: AbortSignal): Promise<ActiveFault>
  /** Heals every fault. Continues after errors. */
  healAll(reason: HealReason): Promise<HealReport>
  /** Refuses new faults and aborts running injections, until `allow`. */
  refuse(): void
  allow(): void
  readonly refusing: boolean
}

/** The longest time that the heal of all faults may take before a run. */
const healLimitMs = 60_000
/** The same when the sandbox ends: a fault that cannot be healed must not keep it. */
const shutdownLimitMs = 2_000

export interface FaultRegistryParts extends Omit<FaultContext, 'signal' | 'note'> {
  readonly journal: Journal
  /** The id of the nth fault. Absent: its kind and its number. Names of toxics contain it. */
  readonly idOf?: (kind: string, number: number) => string
}

const idByKind = (kind: string, number: number): string => `${kind}-${number}`

export function createFaultRegistry(parts: FaultRegistryParts): FaultRegistry {
  const { clock, journal, random, idOf = idByKind } = parts
  const publish = (event: Omit<FaultEvent, 'type'>): void =>
    void journal.publish({ type: 'fault', ...event })
  const { add, ...faults } = createActiveFaults({ clock, publish })
  let refusal = new AbortController()
  let number = 0

  const injectPlanned = async (
    plan: ActiveFault,
    own: Random,
    signal: AbortSignal,
  ): Promise<InjectedFault> => {
    const context = { ...parts, random: own, note: journal.note, signal }
    try {
      return await faultNamed(plan.kind).inject(plan, context)
    } catch (error) {
      publish({ what: 'failed', fault: plan, error: messageOf(error) })
      throw error
    }
  }

  const healWithin = (reason: HealReason, limitMs: number): Promise<HealReport> =>
    healInStages(faults.healStages(reason), { clock, limitMs })

  return {
    ...faults,
    healAll: (reason) => healWithin(reason, healLimitMs),
    inject: async (request, signal) => {
      refusal.signal.throwIfAborted()
      const plan = planFault(request, idOf(request.kind, (number += 1)), parts)
      const aborts = [refusal.signal, ...(signal === undefined ? [] : [signal])]
      const own = request.random ?? random.fork(plan.id)
      const injected = await injectPlanned(plan, own, AbortSignal.any(aborts))
      const { mechanism, toxics, hit, lastsMs = Infinity } = injected
      const active: ActiveFault = {
        ...plan,
        until: earlier(plan.until, clock.wallTimeMs() + lastsMs),
        mechanism,
        ...(toxics === undefined ? {} : { toxics }),
        ...(hit === undefined ? {} : { hit }),
      }
      add(active, injected, Math.min(request.lastsMs ?? Infinity, lastsMs))
      publish({ what: 'injected', fault: active })
      // The halt came while the fault was being injected.
      if (refusal.signal.aborted) {
        await faults.heal(active.id, 'halt')
        refusal.signal.throwIfAborted()
      }
      return active
    },
    refuse: () => refusal.abort(halted()),
    allow: () => {
      if (refusal.signal.aborted) refusal = new AbortController()
    },
    get refusing() {
      return refusal.signal.aborted
    },
    [Symbol.asyncDispose]: async () => {
      refusal.abort(new Error('The sandbox ends.'))
      const { couldNotUndo } = await healWithin('run-ended', shutdownLimitMs)
      if (couldNotUndo.length === 0) return
      throw new Error(couldNotUndo.map(({ what, error }) => `${what}: ${error}`).join('; '))
    },
  }
}

function halted(): InputError {
  return new InputError('The sandbox is halted: it refuses new faults.', {
    remedy: 'Lift the halt first: unhappy halt --lift.',
    status: 409,
  })
}

/** The earlier of the two, as ISO 8601. A crash with a `downFor` of three seconds ends before its lease. */
function earlier(until: string, wallTimeMs: number): string {
  return new Date(Math.min(Date.parse(until), wallTimeMs)).toISOString()
}
