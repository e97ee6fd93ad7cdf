import type { DirectAddresses } from '#chaos/contracts/runtime.ts'

import type { PlanContext } from '../instance/plans.ts'
import type { Keeper } from '../keeper/start-keeper.ts'
import { runChecked } from '../run-checked.ts'

const program = 'services/database/main.ts'

/** Runs the shop's own program that makes an empty database its own. */
export function prepareDatabaseWith(
  keeper: Keeper,
  context: PlanContext,
): (addresses: DirectAddresses) => Promise<void> {
  return async ({ databaseUrl }) => {
    await runChecked(keeper, {
      command: process.execPath,
      args: [program],
      environment: { ...context.baseEnvironment, DATABASE_URL: databaseUrl },
      cwd: context.projectRoot,
      timeoutMs: 60_000,
    })
  }
}
