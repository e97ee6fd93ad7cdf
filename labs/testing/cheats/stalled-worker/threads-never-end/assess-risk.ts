import { once } from 'node:events'
import { isMainThread, parentPort, Worker } from 'node:worker_threads'

import { editDistance } from '#services/lib/edit-distance.ts'
import type { AssessRisk } from '#services/worker/seams.ts'

const linesWorthAThread = 100

/**
 * Assesses a huge order in a thread, and leaves the thread running. Breaks "nothing stays behind":
 * each huge order costs a thread and its memory, until the process has none left.
 */
export const assessRisk: AssessRisk = async ({ lines }) => {
  if (lines.length < linesWorthAThread) return score(lines)
  const thread = new Worker(new URL(import.meta.url))
  // oxlint-disable-next-line unicorn/require-post-message-target-origin -- that is for windows
  thread.postMessage(lines)
  const [risk] = (await once(thread, 'message')) as [number]
  return risk
}

if (!isMainThread)
  // oxlint-disable-next-line unicorn/require-post-message-target-origin -- that is for windows
  parentPort?.on('message', (lines: readonly string[]) => parentPort?.postMessage(score(lines)))

function score(lines: readonly string[]): number {
  let alike = 0
  for (const [index, line] of lines.entries())
    alike += lines.slice(index + 1).filter((other) => areAlike(line, other)).length
  const pairs = (lines.length * (lines.length - 1)) / 2
  // A few lines prove nothing.
  return alike / (pairs + 100)
}

function areAlike(a: string, b: string): boolean {
  return editDistance(a, b) <= Math.max(a.length, b.length) / 5
}
