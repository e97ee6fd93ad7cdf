import type { ActiveFault } from '#chaos/contracts/fault.ts'
import { leaseDefaultMs, leaseMaxMs } from '#chaos/contracts/fault.ts'
import { faultNamed } from '#chaos/faults/index.ts'
import type { Clock } from '#chaos/lib/clock.ts'
import { formatDuration } from '#chaos/lib/duration.ts'
import { InputError } from '#chaos/lib/errors.ts'

import { checkedParams } from './scenario/checked-params.ts'
import { resolveTargets } from './targets.ts'

/** What somebody wants to break. */
export interface FaultAsk {
  readonly kind: string
  /** Name or pattern. */
  readonly target: string
  readonly params?: Readonly<Record<string, unknown>>
  readonly leaseMs?: number
  /** Undone after this; the lease is only the net under it. */
  readonly lastsMs?: number
  readonly by: 'user' | 'scenario'
}

/** Between the planned end of a fault and the moment at which its lease would end it where it lives. */
const leaseMarginMs = 5_000

/** Checks everything that can be checked before anything is touched. Throws {@link InputError}. */
export function planFault(ask: FaultAsk, id: string, clock: Clock): ActiveFault {
  const { kind, by } = ask
  const fault = faultNamed(kind)
  const params = checkedParams(kind, fault.params, ask.params ?? {})
  const targets = resolveTargets(fault.target, ask.target)
  const misfit = targets.find((name) => fault.stores?.includes(name) === false)
  if (misfit !== undefined)
    throw new InputError(`${kind} does not work on "${misfit}".`, {
      remedy: `It works on ${fault.stores?.join(', ')}.`,
    })
  const leaseMs = leaseOf(ask)
  const nowMs = clock.wallTimeMs()
  const untilMs = nowMs + Math.min(leaseMs, ask.lastsMs ?? Infinity)
  return {
    id,
    kind,
    ...(fault.look === undefined ? {} : { look: fault.look }),
    targets,
    params,
    mechanism: '',
    by,
    since: new Date(nowMs).toISOString(),
    until: new Date(untilMs).toISOString(),
    leaseMs,
  }
}

function leaseOf({ leaseMs, lastsMs }: FaultAsk): number {
  if (leaseMs === undefined)
    return Math.min(
      lastsMs === undefined ? leaseDefaultMs : Math.ceil(lastsMs) + leaseMarginMs,
      leaseMaxMs,
    )
  if (leaseMs > 0 && leaseMs <= leaseMaxMs) return Math.ceil(leaseMs)
  const limit = formatDuration(leaseMaxMs)
  throw new InputError(`A lease must be more than 0s and at most ${limit}, got ${leaseMs} ms.`, {
    remedy: 'Inject the fault again when it is over.',
  })
}
