import { isUsing } from './occupations.ts'
import type { ExclusiveRunControl } from './run-control.ts'

/**
 * Throws an error during a run, an X-ray or a restore of this sandbox: it would measure or meet a fault that is not its own.
 */
export function refuseDuringRun(runs: Pick<ExclusiveRunControl, 'current' | 'occupant'>): void {
  if (runs.occupant !== null) throw isUsing(runs.occupant)
  if (runs.current !== null) throw isUsing(`The run ${runs.current}`)
}
