import type { SweepResult, SweepRequest } from '#chaos/engine/run/run-request.ts'
import type { LabSweepRequest } from '#chaos/xray/lab-sweep/sweep-lab.ts'

import type { RunPlan } from './run-plan.ts'

/** Applies faults to the messages of the judged code, in the sandbox of this controller. */
export type SweepLab = (request: LabSweepRequest) => Promise<SweepResult>

/** Without the preparation. A sweep that finds a violation takes longer: it repeats the case. */
const defaultBudgetMs = 6_000

/**
 * The sweep of a run. Empty for the run of a scenario, and if only the scenario of a lab is judged. A check of named
 * variants has none.
 * The engine must not import the X-ray, so it receives the sweep as a function.
 */
export function sweepOfRun(
  {
    lab,
    quick,
    scenario,
    variantsNamed,
  }: Pick<RunPlan, 'lab' | 'quick' | 'scenario' | 'variantsNamed'>,
  run: Omit<LabSweepRequest, 'sweep' | 'off' | 'budgetMs' | 'signal' | 'zero'>,
  {
    sweepLab,
    budgetMs = defaultBudgetMs,
  }: { readonly sweepLab: SweepLab; readonly budgetMs?: number | undefined },
): { readonly sweep?: SweepRequest | string } {
  if (lab === undefined || quick === true) return {}
  if (variantsNamed === true) return { sweep: 'No sweep: this check is about the named variants.' }
  const { sweep } = lab
  if (sweep === undefined) return { sweep: 'No sweep: this code sends no messages of its own.' }
  if (sweep === 'no-flow') return { sweep: 'No sweep: no flow of the X-ray runs this code.' }
  const { off, profiles = [] } = scenario.shop
  return {
    sweep: {
      budgetMs,
      run: async (signal, zero) =>
        await sweepLab({ ...run, sweep, off, profiles, budgetMs, signal, zero }),
    },
  }
}
