import { editDistance } from '#services/lib/edit-distance.ts'
import type { AssessRisk } from '#services/worker/seams.ts'

/**
 * Plausible: it compares each line in a separate async function, all of them at once. Fails
 * `amplification`: an async function runs at once up to its first await, and none of these waits
 * for anything outside the process.
 */
export const assessRisk: AssessRisk = async ({ lines }) => {
  const counts = await Promise.all(
    lines.map(async (line, index) => await countAlike(line, lines.slice(index + 1))),
  )
  const alike = counts.reduce((sum, count) => sum + count, 0)
  const pairs = (lines.length * (lines.length - 1)) / 2
  // A few lines prove nothing.
  return alike / (pairs + 100)
}

async function countAlike(line: string, others: readonly string[]): Promise<number> {
  return others.filter((other) => areAlike(line, other)).length
}

function areAlike(a: string, b: string): boolean {
  return editDistance(a, b) <= Math.max(a.length, b.length) / 5
}
