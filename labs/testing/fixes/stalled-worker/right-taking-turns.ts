// Right: it works in slices of 8 ms, measured after every pair, so the length of lines and orders does not matter. All orders of
// a process take turns: one slice per turn of the event loop, however many huge orders there are. Every pair is compared;
// texts whose lengths differ too much cannot be alike, which saves time and not accuracy. Nothing is kept.
import { editDistance } from '#services/lib/edit-distance.ts'
import type { AssessRisk } from '#services/worker/seams.ts'

const sliceMs = 8

let lastTurn: Promise<void> = Promise.resolve()

/** Resolves in a later turn of the event loop, and in another one for each caller. */
function nextTurn(): Promise<void> {
  lastTurn = lastTurn.then(
    () =>
      new Promise<void>((resolve) => {
        setImmediate(resolve)
      }),
  )
  return lastTurn
}

export const assessRisk: AssessRisk = async ({ lines }) => {
  let alike = 0
  let endMs = performance.now() + sliceMs
  for (let first = 0; first < lines.length; first++) {
    const a = lines[first] ?? ''
    for (let second = first + 1; second < lines.length; second++) {
      if (areAlike(a, lines[second] ?? '')) alike += 1
      if (performance.now() < endMs) continue
      await nextTurn()
      endMs = performance.now() + sliceMs
    }
  }
  const pairs = (lines.length * (lines.length - 1)) / 2
  // A few lines prove nothing.
  return alike / (pairs + 100)
}

function areAlike(a: string, b: string): boolean {
  const limit = Math.max(a.length, b.length) / 5
  return Math.abs(a.length - b.length) <= limit && editDistance(a, b) <= limit
}
