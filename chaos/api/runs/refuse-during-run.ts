import { InputError } from '#chaos/lib/errors.ts'

import type { ExclusiveRunControl } from './run-control.ts'

/** Throws {@link InputError} during a run: the run would measure a fault that is not in its scenario. */
export function refuseDuringRun(runs: Pick<ExclusiveRunControl, 'current'>): void {
  if (runs.current === null) return
  throw new InputError(`The run ${runs.current} is using the sandbox.`, {
    remedy: 'Wait until it has ended, or abort it: unhappy halt',
    status: 409,
  })
}
