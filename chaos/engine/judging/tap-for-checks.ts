import type { Scenario } from '#chaos/contracts/scenario.ts'

import { leaseMarginMs } from '../run/method-time.ts'
import type { Sandbox } from '../sandbox.ts'
import { afterStepsWaitMaxMs } from '../scenario/defaults.ts'
import { resolveTargets } from '../targets.ts'

/** Taps the links whose exchanges the scenario's checks read, until it is disposed. Undefined: the checks read none. */
export async function tapForChecks(
  { system, links }: Pick<Sandbox, 'system' | 'links'>,
  { expect, steadyStateMs, workload }: Pick<Scenario, 'expect' | 'steadyStateMs' | 'workload'>,
): Promise<AsyncDisposable | undefined> {
  const patterns = expect.flatMap(
    ({ check, params }) => system.checks[check]?.taps?.(params as never) ?? [],
  )
  if (patterns.length === 0) return undefined
  const names = patterns.flatMap((pattern) => resolveTargets(system.topology, 'link', pattern))
  const loadMs = steadyStateMs + workload.durationMs + afterStepsWaitMaxMs
  return await links.tap([...new Set(names)], { expiresInMs: loadMs + leaseMarginMs })
}
