import { nextTick } from 'node:process'

import { editDistance } from '#services/lib/edit-distance.ts'
import type { AssessRisk } from '#services/worker/seams.ts'

/**
 * Plausible: it yields between two lines, with process.nextTick. Fails `amplification`: Node runs
 * all ticks before the event loop continues with timers and sockets, and there is always one more
 * tick.
 */
export const assessRisk: AssessRisk = async ({ lines }) => {
  let alike = 0
  for (const [index, line] of lines.entries()) {
    alike += lines.slice(index + 1).filter((other) => areAlike(line, other)).length
    await new Promise<void>((resolve) => nextTick(resolve))
  }
  const pairs = (lines.length * (lines.length - 1)) / 2
  // A few lines prove nothing.
  return alike / (pairs + 100)
}

function areAlike(a: string, b: string): boolean {
  return editDistance(a, b) <= Math.max(a.length, b.length) / 5
}
