import type { System } from '#chaos/contracts/system.ts'
import type { CheckResult } from '#chaos/contracts/verdict.ts'
import { failingFlows } from '#chaos/flows/failing-flows.ts'
import { openRecordedRun } from '#chaos/flows/read-recorded-run.ts'
import { InputError } from '#chaos/lib/errors.ts'
import type { ReportFlow } from '#chaos/report/report-data.ts'

/**
 * The first failing flow of each violated check of a run, for its report. Only their messages are found: a run that held costs
 * nothing. A run without a recording has none.
 */
export async function failingFlowsOf(
  folder: string,
  system: Pick<System, 'topology' | 'flowView'>,
  checks: readonly CheckResult[],
): Promise<readonly ReportFlow[]> {
  if (checks.every(({ outcome }) => outcome !== 'violated')) return []
  try {
    return await failingFlows(await openRecordedRun({ folder, system, part: 'scenario' }), checks)
  } catch (error) {
    if (error instanceof InputError) return []
    throw error
  }
}
