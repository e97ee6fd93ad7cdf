import type { CheckResult } from '#chaos/contracts/check.ts'
import type { Lab } from '#chaos/contracts/lab.ts'
import type { ProbeReport } from '#chaos/contracts/probe-report.ts'
import { contractNotProbed, judgeContract } from '#chaos/engine/judging/judge-contract.ts'
import type { RunRequest } from '#chaos/engine/run/run-request.ts'
import { messageOf } from '#chaos/lib/errors.ts'

/** Runs the contract probes of seam files. */
export type ProbeContracts = (request: {
  readonly folder: string
  readonly seams: readonly string[]
  readonly signal: AbortSignal
}) => Promise<readonly ProbeReport[]>

/** The contract probes of a run. Empty for the run of a scenario: only a lab has a README with promises. */
export function contractOfRun(
  lab: Lab | undefined,
  exercise: { readonly folder: string; readonly seams: readonly string[] },
  probe: ProbeContracts,
): Pick<RunRequest, 'probeContract'> {
  if (lab === undefined) return {}
  const probeContract = async (signal: AbortSignal): Promise<CheckResult | undefined> => {
    try {
      const reports = await probe({ ...exercise, signal })
      // Another lab may use the same seam: its README makes other promises.
      return judgeContract(reports.filter((report) => report.lab === lab.id))
    } catch (error) {
      signal.throwIfAborted()
      // A failure of the probes is no fault of the code: the scenario decides.
      return contractNotProbed(messageOf(error))
    }
  }
  return { probeContract }
}
