import type { Evidence, StoryLine } from '#chaos/contracts/check.ts'

import type { CheckedSystem } from '../lib/checked-system.ts'
import { clockOf } from '../lib/clock-of.ts'

/** The work that is still in flight at the end of the run. */
export function settledLine(evidence: Evidence, { name }: CheckedSystem): StoryLine {
  const left = evidence.unsettled
  const text =
    left.length === 0 ? `the ${name} is settled` : `the ${name} is not settled: ${left.join(', ')}`
  return { ms: clockOf(evidence).msOfWall(evidence.readAt), who: 'final', text }
}
