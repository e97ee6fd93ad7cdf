// WRONG. Breaks: "the event loop keeps running: timers and sockets are served" (and the orders behind must not wait).
// When: two or more huge orders are on one worker: each turn of the loop runs one slice of 200 ms for each, so the
// timer that renews the lock (every 250 ms, for 500 ms) comes too late. With one huge order the lock survives, but
// every query and every small order waits up to 200 ms for each of its steps.

import { setImmediate as nextTurn } from 'node:timers/promises'

import { editDistance } from '#services/lib/edit-distance.ts'
import type { AssessRisk } from '#services/worker/seams.ts'

/** A worker renews the lock of a job every 250 ms. Give it the chance to do so. */
const SLICE_MS = 200

export const assessRisk: AssessRisk = async ({ lines }) => {
  let alike = 0
  let sliceEnd = performance.now() + SLICE_MS
  for (const [index, line] of lines.entries()) {
    alike += lines.slice(index + 1).filter((other) => areAlike(line, other)).length
    if (performance.now() >= sliceEnd) {
      await nextTurn()
      sliceEnd = performance.now() + SLICE_MS
    }
  }
  const pairs = (lines.length * (lines.length - 1)) / 2
  // A few lines prove nothing.
  return alike / (pairs + 100)
}

function areAlike(a: string, b: string): boolean {
  return editDistance(a, b) <= Math.max(a.length, b.length) / 5
}
