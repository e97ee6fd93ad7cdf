// Breaks: "While it assesses an order, the event loop keeps running", "for every order that the API accepts (up to 5,000
// lines of up to 80 letters)".
// When: lines are more or longer than in the story: between two pauses it compares ten lines with all others. That is 25 ms
// with 800 names, but ten lines with 5,000 others of 80 letters are 50,000 comparisons in one turn: seconds. The lock
// expires, the job runs twice, small orders wait.
import { setImmediate as nextTurn } from 'node:timers/promises'

import { editDistance } from '#services/lib/edit-distance.ts'
import type { AssessRisk } from '#services/worker/seams.ts'

export const assessRisk: AssessRisk = async ({ lines }) => {
  let alike = 0
  for (const [index, line] of lines.entries()) {
    alike += lines.slice(index + 1).filter((other) => areAlike(line, other)).length
    // Lets timers and sockets run.
    if (index % 10 === 9) await nextTurn()
  }
  const pairs = (lines.length * (lines.length - 1)) / 2
  // A few lines prove nothing.
  return alike / (pairs + 100)
}

function areAlike(a: string, b: string): boolean {
  return editDistance(a, b) <= Math.max(a.length, b.length) / 5
}
