import { fromApiError } from '#chaos/api/client/from-api-error.ts'
import type { RunView } from '#chaos/contracts/api.ts'
import { InputError } from '#chaos/lib/errors.ts'

import { exitStatus } from './run.ts'

/** The exit status of a run that was judged. Throws for one that was not: there is no verdict to tell. */
export function statusOf(run: RunView): number {
  if (run.outcome !== null) return exitStatus[run.outcome]
  if (run.error !== null) throw fromApiError(run.error)
  throw new InputError(`The run ${run.id} was ${run.state}: there is no verdict.`, {
    remedy: `What was seen until then is in ${run.folder}/`,
  })
}
