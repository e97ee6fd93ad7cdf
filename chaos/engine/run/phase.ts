import type { Phase } from '#chaos/contracts/events.ts'

import type { Journal } from '../journal.ts'

/** Runs one phase and tells when it began and ended. `detail` sums up its result. */
export async function inPhase<T>(
  journal: Journal,
  phase: Phase,
  work: () => Promise<T>,
  options: { readonly limitMs?: number; readonly detail?: (result: T) => string } = {},
): Promise<T> {
  const { limitMs, detail } = options
  journal.publish({
    type: 'phase',
    phase,
    what: 'began',
    ...(limitMs === undefined ? {} : { limitMs }),
  })
  const result = await work()
  journal.publish({
    type: 'phase',
    phase,
    what: 'ended',
    ...(detail === undefined ? {} : { detail: detail(result) }),
  })
  return result
}
