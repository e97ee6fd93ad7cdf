import { setImmediate as breathe } from 'node:timers/promises'

import { editDistance } from '#services/lib/edit-distance.ts'
import type { AssessRisk } from '#services/worker/seams.ts'

let last: Promise<unknown> = Promise.resolve()

/**
 * Yields between two lines, and assesses one order at a time. Breaks "the orders behind it do not
 * have to wait for it": the event loop runs, and a small order waits for every huge one before it.
 */
export const assessRisk: AssessRisk = async ({ lines }) => {
  const mine = last.then(async () => await score(lines))
  last = mine.catch(() => undefined)
  return await mine
}

async function score(lines: readonly string[]): Promise<number> {
  let alike = 0
  for (const [index, line] of lines.entries()) {
    alike += lines.slice(index + 1).filter((other) => areAlike(line, other)).length
    await breathe()
  }
  const pairs = (lines.length * (lines.length - 1)) / 2
  // A few lines prove nothing.
  return alike / (pairs + 100)
}

function areAlike(a: string, b: string): boolean {
  return editDistance(a, b) <= Math.max(a.length, b.length) / 5
}
