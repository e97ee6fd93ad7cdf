import { editDistance } from '#services/lib/edit-distance.ts'
import type { AssessRisk } from '#services/worker/seams.ts'

/**
 * Task: a huge order is assessed once, and the orders behind it do not have to wait for it. Change
 * this file only.
 */
export const assessRisk: AssessRisk = async ({ lines }) => {
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
