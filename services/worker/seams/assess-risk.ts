import { setImmediate as breathe } from 'node:timers/promises'

import { editDistance } from '#services/lib/edit-distance.ts'

import type { AssessRisk } from '../seams.ts'

/**
 * Many nearly identical lines are suspicious, and each line is compared with every other: seconds
 * of work for an order with a thousand lines. Between two lines the event loop runs, so this job's
 * lock is renewed and the other jobs continue.
 */
export const assessRisk: AssessRisk = async ({ lines }) => {
  let alike = 0
  for (const [index, line] of lines.entries()) {
    alike += lines.slice(index + 1).filter((other) => areAlike(line, other)).length
    await breathe()
  }
  const pairs = (lines.length * (lines.length - 1)) / 2
  // A few lines prove nothing.
  return alike / (pairs + 100)
}

function areAlike(a: string, b: string): boolean {
  return editDistance(a, b) <= Math.max(a.length, b.length) / 5
}
