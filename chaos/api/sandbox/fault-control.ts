import type { HealReport } from '#chaos/contracts/api.ts'
import { healEverything } from '#chaos/engine/heal-everything.ts'
import type { Sandbox } from '#chaos/engine/sandbox.ts'

import type { Controller } from '../controller.ts'
import { refuseDuringRun } from '../runs/refuse-during-run.ts'
import type { ExclusiveRunControl } from '../runs/run-control.ts'

/** Faults that users inject and heal by hand. During a run, `inject` and `healAll` throw {@link InputError}. */
export function createFaultControl(
  sandbox: Sandbox,
  runs: ExclusiveRunControl,
): Controller['faults'] {
  const { faults, links, runtime } = sandbox
  return {
    list: () => faults.list(),
    inject: async (request) => {
      refuseDuringRun(runs)
      return faults.inject({ ...request, by: 'user' })
    },
    heal: async (id) => faults.heal(id, 'asked'),
    healAll: async () => {
      refuseDuringRun(runs)
      return healEverything({ faults, links, runtime }, 'asked')
    },
    halt: async (): Promise<HealReport> => {
      const aborting = runs.abortCurrent('the sandbox was halted')
      const report = await sandbox.halt()
      await aborting
      return report
    },
    lift: async () => sandbox.lift(),
  }
}
