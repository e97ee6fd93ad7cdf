// WRONG. Breaks: "While it assesses an order, the event loop keeps running: timers and sockets are served."
// When: any huge order (the story). `await Promise.resolve()` only continues in the microtask queue, which is
// emptied before the event loop goes on: the timer that renews the lock is as late as before, and the job
// runs again on the other worker.

import { editDistance } from '#services/lib/edit-distance.ts'
import type { AssessRisk } from '#services/worker/seams.ts'

export const assessRisk: AssessRisk = async ({ lines }) => {
  let alike = 0
  for (const [index, line] of lines.entries()) {
    alike += lines.slice(index + 1).filter((other) => areAlike(line, other)).length
    // Let the others have their turn.
    await Promise.resolve()
  }
  const pairs = (lines.length * (lines.length - 1)) / 2
  // A few lines prove nothing.
  return alike / (pairs + 100)
}

function areAlike(a: string, b: string): boolean {
  return editDistance(a, b) <= Math.max(a.length, b.length) / 5
}
