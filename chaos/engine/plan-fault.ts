import type { ActiveFault } from '#chaos/contracts/fault.ts'
import { leaseDefaultMs, leaseMaxMs } from '#chaos/contracts/fault.ts'
import type { Topology } from '#chaos/contracts/topology.ts'
import { faultNamed } from '#chaos/faults/index.ts'
import type { AnyFault } from '#chaos/faults/index.ts'
import type { Clock } from '#chaos/lib/clock.ts'
import { formatDuration } from '#chaos/lib/duration.ts'
import { InputError } from '#chaos/lib/errors.ts'
import type { Random } from '#chaos/lib/random.ts'

import { validateParams } from './scenario/validate-params.ts'
import { resolveTargets } from './targets.ts'

/** The fault that a user or a scenario asks for. */
export interface RequestedFault {
  readonly kind: string
  /** Name or pattern. */
  readonly target: string
  readonly params?: Readonly<Record<string, unknown>>
  readonly leaseMs?: number
  /** The fault is healed after this time. The lease is only the safety net. */
  readonly lastsMs?: number
  readonly by: 'user' | 'scenario'
  /** For the random choices of the fault. Absent: the sandbox's own source. */
  readonly random?: Random
}

/** Time between the planned end of a fault and the end of its lease. */
const leaseMarginMs = 5_000

/** Validates the request and resolves its targets. Changes nothing yet. Throws {@link InputError}. */
export function planFault(
  request: RequestedFault,
  id: string,
  { clock, topology }: { readonly clock: Clock; readonly topology: Topology },
): ActiveFault {
  const { kind, by } = request
  const fault = faultNamed(kind)
  const params = validateParams(kind, fault.params, request.params ?? {})
  const all = resolveTargets(topology, fault.target, request.target)
  const targets = fault.servicesOnly === true ? servicesOf(topology, kind, all) : all
  const misfit = targets.find((name) => !worksOn(fault, topology, name))
  if (misfit !== undefined)
    throw new InputError(`${kind} does not work on "${misfit}".`, {
      remedy: `It works on ${fault.stores?.join(', ')}.`,
    })
  const leaseMs = leaseOf(request)
  const nowMs = clock.wallTimeMs()
  const untilMs = nowMs + Math.min(leaseMs, request.lastsMs ?? Infinity)
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

function worksOn(
  { stores, onReplicas }: Pick<AnyFault, 'stores' | 'onReplicas'>,
  topology: Topology,
  name: string,
): boolean {
  const primary = topology.stores.find((store) => store.name === name)?.replicaOf
  return (
    stores === undefined ||
    stores.includes(name) ||
    (onReplicas === true && primary !== undefined && stores.includes(primary))
  )
}

/** The services of the targets. Throws {@link InputError} if there are only stores. */
function servicesOf(
  { instances }: Topology,
  kind: string,
  targets: readonly string[],
): readonly string[] {
  const services = instances.map(({ name }) => name)
  const found = targets.filter((name) => services.includes(name))
  if (found.length > 0) return found
  throw new InputError(`${kind} does not work on "${targets.join(', ')}".`, {
    remedy: `It works on ${services.join(', ')}.`,
  })
}

function leaseOf({ leaseMs, lastsMs }: RequestedFault): number {
  if (leaseMs === undefined)
    return Math.min(
      lastsMs === undefined ? leaseDefaultMs : Math.ceil(lastsMs) + leaseMarginMs,
      leaseMaxMs,
    )
  if (leaseMs > 0 && leaseMs <= leaseMaxMs) return Math.ceil(leaseMs)
  const limit = formatDuration(leaseMaxMs)
  throw new InputError(
    `A lease of ${leaseMs} ms is not valid: it must be more than 0s and at most ${limit}.`,
    {
      remedy: 'Give a shorter lease, and inject the fault again when it ends.',
    },
  )
}
