import type { CheckResult, Verdict } from '#chaos/contracts/verdict.ts'

import type { Journal } from '../journal.ts'
import type { RunRequest } from '../run/run-request.ts'

/** Runs the contract probes and publishes their result, before the shop runs the code. */
export async function probeContract(
  journal: Journal,
  { probeContract: probe, signal }: Pick<RunRequest, 'probeContract' | 'signal'>,
): Promise<CheckResult | undefined> {
  const check = await probe?.(signal)
  signal.throwIfAborted()
  if (check !== undefined) journal.publish({ type: 'check', check })
  return check
}

/**
 * The verdict with the result of the contract probes. A broken promise makes it violated, even if
 * the run proves nothing: the probes do not depend on the machine. What no probe can tell, the
 * scenario decides.
 */
export function addContract(verdict: Verdict, contract: CheckResult | undefined): Verdict {
  if (contract === undefined) return verdict
  const checks = [...verdict.checks, contract]
  if (contract.outcome === 'violated' && verdict.outcome !== 'violated')
    return { ...verdict, outcome: 'violated', headline: contract.summary, checks }
  if (contract.outcome === 'held' && verdict.outcome === 'held')
    return { ...verdict, headline: `${verdict.headline} ${contract.summary}`, checks }
  return { ...verdict, checks }
}
