import { InputError } from '#chaos/lib/errors.ts'

import type { ExclusiveRunControl } from './run-control.ts'

/**
 * Throws {@link InputError} during a run or an X-ray of this sandbox: it would measure a fault that is not in its scenario.
 */
export function refuseDuringRun(runs: Pick<ExclusiveRunControl, 'current' | 'occupant'>): void {
  if (runs.current === null && runs.occupant === null) return
  throw new InputError(`${runs.occupant ?? `The run ${runs.current}`} is using the sandbox.`, {
    remedy: 'Wait until it has ended, or abort it: unhappy halt',
    status: 409,
  })
}
