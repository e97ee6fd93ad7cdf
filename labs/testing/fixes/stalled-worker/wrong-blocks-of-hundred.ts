// WRONG. Breaks: "The same order gets the same score ..., wherever its similar texts are."
// When: similar texts are more than a hundred lines apart (every tenth line of a large order, or alternating kinds in
// different blocks). Lines are only compared within their block of 100, so those pairs are never seen and the score
// is wrong. An order whose lines are all alike, or all different, is judged right.

import { setImmediate as nextTurn } from 'node:timers/promises'

import { editDistance } from '#services/lib/edit-distance.ts'
import type { AssessRisk } from '#services/worker/seams.ts'

const BLOCK = 100

export const assessRisk: AssessRisk = async ({ lines }) => {
  let alike = 0
  let pairs = 0
  for (let start = 0; start < lines.length; start += BLOCK) {
    const block = lines.slice(start, start + BLOCK)
    for (const [index, line] of block.entries()) {
      alike += block.slice(index + 1).filter((other) => areAlike(line, other)).length
      // At most 99 comparisons without a pause.
      await nextTurn()
    }
    pairs += (block.length * (block.length - 1)) / 2
  }
  // A few lines prove nothing.
  return alike / (pairs + 100)
}

function areAlike(a: string, b: string): boolean {
  return editDistance(a, b) <= Math.max(a.length, b.length) / 5
}
