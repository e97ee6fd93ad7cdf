import { InputError } from '#chaos/lib/errors.ts'

import type { ExclusiveRunControl } from './run-control.ts'

/** A run measures what its own scenario breaks; a fault by hand in between would be judged as its doing. */
export function refuseDuringRun(runs: ExclusiveRunControl): void {
  if (runs.current === null) return
  throw new InputError(`The run ${runs.current} has the sandbox: faults by hand would spoil it.`, {
    remedy: 'Wait until it is over, or abort it: unhappy halt',
    status: 409,
  })
}
