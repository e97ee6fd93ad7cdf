// Breaks: "Nothing stays behind: after many huge orders the worker uses no more of the machine than after a few."
// When: huge orders keep coming: every compared pair of texts stays in a map of the module. An order of 800 names leaves
// 320,000 entries, one of 5,000 lines 12.5 million; a Map can hold 16.7 million, then set() throws a RangeError for every
// further order (or the process runs out of memory before). The event loop itself is served well.
import { setImmediate as nextTurn } from 'node:timers/promises'

import { editDistance } from '#services/lib/edit-distance.ts'
import type { AssessRisk } from '#services/worker/seams.ts'

/** Many orders have the same texts. Comparing them once is enough. */
const known = new Map<string, boolean>()

/** One order at a time computes, so slices of several orders do not add up in one turn. */
let turns: Promise<unknown> = Promise.resolve()

export const assessRisk: AssessRisk = async ({ lines }) => {
  let alike = 0
  let sliceEndsMs = performance.now() + 5
  for (const [index, line] of lines.entries()) {
    for (let next = index + 1; next < lines.length; next++) {
      if (areAlikeMemo(line, lines[next] ?? '')) alike += 1
      if (performance.now() < sliceEndsMs) continue
      turns = turns.then(async () => await nextTurn())
      await turns
      sliceEndsMs = performance.now() + 5
    }
  }
  const pairs = (lines.length * (lines.length - 1)) / 2
  // A few lines prove nothing.
  return alike / (pairs + 100)
}

function areAlikeMemo(a: string, b: string): boolean {
  const key = JSON.stringify([a, b])
  let result = known.get(key)
  if (result === undefined) {
    result = areAlike(a, b)
    known.set(key, result)
  }
  return result
}

function areAlike(a: string, b: string): boolean {
  return editDistance(a, b) <= Math.max(a.length, b.length) / 5
}
