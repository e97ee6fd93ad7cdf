import type { Evidence } from '#chaos/contracts/check.ts'
import { createRunClock, type RunClock } from '#chaos/contracts/run-clock.ts'

/** The clock of the run that left this evidence. */
export function clockOf({
  zeroMs,
  workloadStartedAt,
}: Pick<Evidence, 'zeroMs' | 'workloadStartedAt'>): RunClock {
  return createRunClock(zeroMs, { ms: zeroMs, at: workloadStartedAt })
}
