// RIGHT. The same score from far less work: equal texts are grouped and counted, texts of very different lengths are
// not compared (their distance is at least the difference), and the distance is calculated only in the band in which
// it can still be small enough, until it cannot. And it pauses every 5 ms, because any size can come.

import { setImmediate as nextTurn } from 'node:timers/promises'

import type { AssessRisk } from '#services/worker/seams.ts'

const SLICE_MS = 5
const STEPS_BETWEEN_LOOKS = 500

export const assessRisk: AssessRisk = async ({ lines }) => {
  const work = countAlike(lines)
  let sliceEnd = performance.now() + SLICE_MS
  let step = work.next()
  while (step.done !== true) {
    if (performance.now() >= sliceEnd) {
      await nextTurn()
      sliceEnd = performance.now() + SLICE_MS
    }
    step = work.next()
  }
  const pairs = (lines.length * (lines.length - 1)) / 2
  // A few lines prove nothing.
  return step.value / (pairs + 100)
}

/** Yields often, so the caller can pause. */
function* countAlike(lines: readonly string[]): Generator<void, number> {
  const times = new Map<string, number>()
  for (const line of lines) {
    times.set(line, (times.get(line) ?? 0) + 1)
    yield
  }
  const texts = [...times]
  let alike = 0
  for (let first = 0; first < texts.length; first++) {
    const [a, timesA] = texts[first] ?? ['', 0]
    alike += (timesA * (timesA - 1)) / 2
    for (let second = first + 1; second < texts.length; second++) {
      const [b, timesB] = texts[second] ?? ['', 0]
      // Distances are whole numbers.
      const allowed = Math.floor(Math.max(a.length, b.length) / 5)
      if (yield* isWithin(a, b, allowed)) alike += timesA * timesB
      yield
    }
  }
  return alike
}

/** Whether the Levenshtein distance of two texts is at most `allowed`. */
function* isWithin(a: string, b: string, allowed: number): Generator<void, boolean> {
  if (Math.abs(a.length - b.length) > allowed) return false
  const tooFar = allowed + 1
  let previous: number[] = []
  let row: number[] = []
  for (let j = 0; j <= b.length; j++) {
    previous.push(Math.min(j, tooFar))
    row.push(tooFar)
    if (j % STEPS_BETWEEN_LOOKS === STEPS_BETWEEN_LOOKS - 1) yield
  }
  let steps = 0
  for (let i = 1; i <= a.length; i++) {
    // Outside of this band the distance is more than allowed.
    const from = Math.max(1, i - allowed)
    const to = Math.min(b.length, i + allowed)
    row[from - 1] = from === 1 ? Math.min(i, tooFar) : tooFar
    let least = row[from - 1] ?? tooFar
    for (let j = from; j <= to; j++) {
      const changed = (previous[j - 1] ?? tooFar) + (a[i - 1] === b[j - 1] ? 0 : 1)
      const distance = Math.min(changed, (previous[j] ?? tooFar) + 1, (row[j - 1] ?? tooFar) + 1)
      row[j] = Math.min(distance, tooFar)
      least = Math.min(least, distance)
      if (++steps % STEPS_BETWEEN_LOOKS === 0) yield
    }
    if (least > allowed) return false
    ;[previous, row] = [row, previous]
  }
  return (previous[b.length] ?? tooFar) <= allowed
}
