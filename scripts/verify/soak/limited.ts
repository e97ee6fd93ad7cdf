import type { FaultStep } from '#chaos/contracts/scenario.ts'
import type { System } from '#chaos/contracts/system.ts'
import { resolveTargets } from '#chaos/engine/targets.ts'
import type { AnyFault } from '#chaos/faults/index.ts'

type Limits = Pick<System, 'topology' | 'limits'>

/** Whether the system may break a promise under this fault on this target. */
export function isLimited(
  { target }: Pick<FaultStep, 'kind' | 'target'>,
  fault: AnyFault,
  { topology, limits = [] }: Limits,
): boolean {
  return limits.some(
    ({ fault: kind, on }) =>
      kind === fault.kind &&
      (on === undefined || resolveTargets(topology, fault.target, on).includes(target)),
  )
}

/** The checks that some fault may violate. */
export function limitedChecks({ limits = [] }: Pick<System, 'limits'>): ReadonlySet<string> {
  return new Set(limits.flatMap(({ checks }) => checks))
}
