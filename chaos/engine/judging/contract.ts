import type { CheckResult, Verdict } from '#chaos/contracts/verdict.ts'

import type { Journal } from '../journal.ts'
import type { RunRequest } from '../run/run-request.ts'

/** The contract probes of a run. Disposing aborts them, and resolves when they have ended. */
export interface RunningContract extends AsyncDisposable {
  /** Aborts with the run, and with the error of the probes if they fail: there is no run without them. */
  readonly signal: AbortSignal
  /** Resolves with their result, undefined if there are none. Rejects if they fail or are aborted. */
  readonly result: () => Promise<CheckResult | undefined>
}

/** Starts the contract probes. Publishes their result when they end. */
export function startContract(
  journal: Journal,
  { probeContract: probe, signal }: Pick<RunRequest, 'probeContract' | 'signal'>,
): RunningContract {
  const over = new AbortController()
  const failed = new AbortController()
  const stop = AbortSignal.any([signal, over.signal])
  const probing = (async () => {
    const check = await probe?.(stop)
    stop.throwIfAborted()
    if (check !== undefined) journal.publish({ type: 'check', check })
    return check
  })()
  probing.catch((error: unknown) => failed.abort(error))
  return {
    signal: AbortSignal.any([signal, failed.signal]),
    result: async () => await probing,
    [Symbol.asyncDispose]: async () => {
      over.abort()
      await Promise.allSettled([probing])
    },
  }
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
