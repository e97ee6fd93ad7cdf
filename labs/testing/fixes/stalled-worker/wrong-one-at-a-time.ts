// WRONG. Breaks: "the orders behind it do not have to wait for it."
// When: a small order arrives while a huge one is assessed on the same worker. The event loop is free and the locks
// are renewed, but all assessments queue for one turn each, also the small ones: a customer with one tea waits for
// the two seconds of the huge order (and twice that behind two of them).

import { setImmediate as nextTurn } from 'node:timers/promises'

import { editDistance } from '#services/lib/edit-distance.ts'
import type { AssessRisk } from '#services/worker/seams.ts'

const SLICE_MS = 10
/** One assessment at a time, so that several huge orders cannot add up to a blocked loop. */
let last: Promise<unknown> = Promise.resolve()

export const assessRisk: AssessRisk = async ({ lines }) => {
  const mine = last.then(async () => await score(lines))
  last = mine.catch(() => undefined)
  return await mine
}

async function score(lines: readonly string[]): Promise<number> {
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
