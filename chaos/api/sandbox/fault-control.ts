import type { HealReport } from '#chaos/contracts/api.ts'
import { haltLimitMs, healEverything } from '#chaos/engine/heal-everything.ts'
import type { Sandbox } from '#chaos/engine/sandbox.ts'

import type { Controller } from '../controller.ts'
import { refuseDuringRun } from '../runs/refuse-during-run.ts'
import type { ExclusiveRunControl } from '../runs/run-control.ts'

/** Faults that users inject and heal by hand. During a run, `inject` and `healAll` throw {@link InputError}. */
export function createFaultControl(
  sandbox: Sandbox,
  runs: ExclusiveRunControl,
): Controller['faults'] {
  const { faults } = sandbox
  return {
    list: () => faults.list(),
    inject: async (request) => {
      refuseDuringRun(runs)
      return faults.inject({ ...request, by: 'user' })
    },
    heal: async (id) => faults.heal(id, 'asked'),
    healAll: async () => {
      refuseDuringRun(runs)
      return healEverything(sandbox, 'asked')
    },
    halt: async (): Promise<HealReport> => {
      const aborting = runs.abortCurrent('the sandbox was halted')
      // The end of a run can wait for instances that start. A halt does not wait for it longer than for its faults.
      const [report] = await Promise.all([
        sandbox.halt(),
        Promise.race([aborting, sandbox.clock.sleep(haltLimitMs)]),
      ])
      const starting = [...new Set([...(report.starting ?? []), ...sandbox.changing()])].toSorted()
      return starting.length === 0 ? report : { ...report, starting }
    },
    lift: async () => sandbox.lift(),
  }
}
