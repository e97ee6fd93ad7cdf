// RIGHT. The same calculation as a generator that can stop after every 1000 steps, also in the middle of two long
// texts. A driver runs it for 5 ms at most, then the event loop gets a turn. The limit is a time and not a number of
// lines, so it holds for any size of order and of text, and for slow machines. Nothing is shared between orders.

import { setImmediate as nextTurn } from 'node:timers/promises'

import type { AssessRisk } from '#services/worker/seams.ts'

const SLICE_MS = 5
const STEPS_BETWEEN_LOOKS = 1_000

export const assessRisk: AssessRisk = async ({ lines }) => {
  const alike = await inSlices(countAlike(lines))
  const pairs = (lines.length * (lines.length - 1)) / 2
  // A few lines prove nothing.
  return alike / (pairs + 100)
}

async function inSlices<T>(work: Generator<void, T>): Promise<T> {
  for (;;) {
    const sliceEnd = performance.now() + SLICE_MS
    while (performance.now() < sliceEnd) {
      const step = work.next()
      if (step.done === true) return step.value
    }
    await nextTurn()
  }
}

function* countAlike(lines: readonly string[]): Generator<void, number> {
  let alike = 0
  let steps = 0
  for (let first = 0; first < lines.length; first++) {
    const a = lines[first] ?? ''
    for (let second = first + 1; second < lines.length; second++) {
      const b = lines[second] ?? ''
      // Levenshtein distance, row by row.
      let previous: number[] = []
      for (let j = 0; j <= b.length; j++) {
        previous.push(j)
        if (++steps % STEPS_BETWEEN_LOOKS === 0) yield
      }
      for (let i = 1; i <= a.length; i++) {
        const row = [i]
        for (let j = 1; j <= b.length; j++) {
          const changed = (previous[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1)
          row.push(Math.min(changed, (previous[j] ?? 0) + 1, (row[j - 1] ?? 0) + 1))
          if (++steps % STEPS_BETWEEN_LOOKS === 0) yield
        }
        previous = row
      }
      if ((previous[b.length] ?? 0) <= Math.max(a.length, b.length) / 5) alike += 1
    }
  }
  return alike
}
