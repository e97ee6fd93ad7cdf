// WRONG. Breaks: "The same order gets the same score as from the starting version".
// When: similar texts differ by an added or removed letter. The fast comparison looks at the same positions of both
// texts, so "Anna's mug" and "1 Anna's mug" differ everywhere: a suspicious order of that kind scores near 0 and is
// charged. Texts that differ in a number at the end are still found.

import { setImmediate as nextTurn } from 'node:timers/promises'

import type { AssessRisk } from '#services/worker/seams.ts'

const SLICE_MS = 10

export const assessRisk: AssessRisk = async ({ lines }) => {
  let alike = 0
  let sliceEnd = performance.now() + SLICE_MS
  for (let i = 0; i < lines.length; i++) {
    for (let j = i + 1; j < lines.length; j++) {
      if (areAlike(lines[i] ?? '', lines[j] ?? '')) alike += 1
    }
    if (performance.now() >= sliceEnd) {
      await nextTurn()
      sliceEnd = performance.now() + SLICE_MS
    }
  }
  const pairs = (lines.length * (lines.length - 1)) / 2
  // A few lines prove nothing.
  return alike / (pairs + 100)
}

/** The edit distance was the slow part: quadratic, for texts that are mostly of the same length. */
function areAlike(a: string, b: string): boolean {
  const longer = Math.max(a.length, b.length)
  const allowed = longer / 5
  let different = 0
  for (let at = 0; at < longer; at++) {
    if (a[at] !== b[at]) different += 1
    if (different > allowed) return false
  }
  return true
}
