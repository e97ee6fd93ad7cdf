import { editDistance } from '#services/lib/edit-distance.ts'
import type { AssessRisk } from '#services/worker/seams.ts'

const linesMax = 50

/**
 * Plausible: bounded work. Fifty of eight hundred lines show whether all are the same. Fails
 * `suspicious-set-aside`: the suspicious order has a few different lines at the top.
 */
export const assessRisk: AssessRisk = async ({ lines: all }) => {
  const lines = all.slice(0, linesMax)
  let alike = 0
  for (const [index, line] of lines.entries())
    alike += lines.slice(index + 1).filter((other) => areAlike(line, other)).length
  const pairs = (lines.length * (lines.length - 1)) / 2
  // A few lines prove nothing.
  return alike / (pairs + 100)
}

function areAlike(a: string, b: string): boolean {
  return editDistance(a, b) <= Math.max(a.length, b.length) / 5
}
