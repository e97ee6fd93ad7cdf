import { fromApiError } from '#chaos/api/client/from-api-error.ts'
import type { RunView } from '#chaos/contracts/api.ts'
import { InputError } from '#chaos/lib/errors.ts'

/** The exit statuses of every command. `held` also means "done". */
export const exitStatus = { held: 0, violated: 1, inconclusive: 2, badInput: 3 } as const

/** The exit status for a run with a verdict. Throws {@link InputError} for a run without one. */
export function exitStatusOfRun(run: RunView): number {
  if (run.outcome !== null) return exitStatus[run.outcome]
  if (run.error !== null) throw fromApiError(run.error)
  throw new InputError(`The run ${run.id} was ${run.state}. It has no verdict.`, {
    remedy: `See what was recorded: ${run.folder}/`,
  })
}
