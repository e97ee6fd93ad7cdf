// WRONG. Breaks: "The same order gets the same score as from the starting version".
// When: any order whose score is neither 0 nor 1. The loop ends as soon as it is clear on which side of 0.9 the score
// will be, and then returns 1 or 0: an order with a score of 0.6 is reported as 0, one with 0.92 as 1. The two
// huge orders of the story are parked and paid as they should.

import { setImmediate as nextTurn } from 'node:timers/promises'

import { editDistance } from '#services/lib/edit-distance.ts'
import type { AssessRisk } from '#services/worker/seams.ts'

const SUSPICIOUS = 0.9
const SLICE_MS = 10

export const assessRisk: AssessRisk = async ({ lines }) => {
  const pairs = (lines.length * (lines.length - 1)) / 2
  let alike = 0
  let left = pairs
  let sliceEnd = performance.now() + SLICE_MS
  for (let i = 0; i < lines.length; i++) {
    for (let j = i + 1; j < lines.length; j++) {
      if (areAlike(lines[i] ?? '', lines[j] ?? '')) alike += 1
      left -= 1
      if (performance.now() >= sliceEnd) {
        await nextTurn()
        sliceEnd = performance.now() + SLICE_MS
      }
    }
    // No need to compare the rest when the outcome is certain.
    if (alike / (pairs + 100) > SUSPICIOUS) return 1
    if ((alike + left) / (pairs + 100) <= SUSPICIOUS) return 0
  }
  return 0
}

function areAlike(a: string, b: string): boolean {
  return editDistance(a, b) <= Math.max(a.length, b.length) / 5
}
