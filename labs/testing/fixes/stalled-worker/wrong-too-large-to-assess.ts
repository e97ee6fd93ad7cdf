// WRONG. Breaks: "The same order gets the same score as from the starting version", "for an order of any size".
// When: an order has more than 1000 lines. It is not compared at all but gets a score of 1, "an operator should look
// at it": a welcome company's order of 1200 different names is parked as suspicious and never charged. The story's
// 800 lines are below the limit.

import { setImmediate as nextTurn } from 'node:timers/promises'

import { editDistance } from '#services/lib/edit-distance.ts'
import type { AssessRisk } from '#services/worker/seams.ts'

/** The largest order that we have seen had 800 lines. */
const LINES_MAX = 1_000
const SLICE_MS = 10

export const assessRisk: AssessRisk = async ({ lines }) => {
  // That is no customer any more. An operator should look at it.
  if (lines.length > LINES_MAX) return 1

  let alike = 0
  let sliceEnd = performance.now() + SLICE_MS
  for (let i = 0; i < lines.length; i++) {
    for (let j = i + 1; j < lines.length; j++) {
      if (areAlike(lines[i] ?? '', lines[j] ?? '')) alike += 1
      if (performance.now() >= sliceEnd) {
        await nextTurn()
        sliceEnd = performance.now() + SLICE_MS
      }
    }
  }
  const pairs = (lines.length * (lines.length - 1)) / 2
  // A few lines prove nothing.
  return alike / (pairs + 100)
}

function areAlike(a: string, b: string): boolean {
  return editDistance(a, b) <= Math.max(a.length, b.length) / 5
}
