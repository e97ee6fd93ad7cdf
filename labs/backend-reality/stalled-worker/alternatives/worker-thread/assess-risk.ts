import { once } from 'node:events'
import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads'

import { editDistance } from '#services/lib/edit-distance.ts'
import type { AssessRisk } from '#services/worker/seams.ts'

/** For fewer lines, a thread costs more than it saves. */
const linesWorthAThread = 100

/**
 * Right, by another design: a huge order is assessed in a separate thread with its own event loop.
 * The event loop of the worker only waits for the message of that thread.
 */
export const assessRisk: AssessRisk = async ({ lines }) => {
  if (lines.length < linesWorthAThread) return score(lines)
  const thread = new Worker(new URL(import.meta.url), { workerData: lines })
  try {
    // An error in the thread rejects here, and the queue retries the job.
    const [risk] = (await once(thread, 'message')) as [number]
    return risk
  } finally {
    await thread.terminate()
  }
}

// The thread runs this file too.
// oxlint-disable-next-line unicorn/require-post-message-target-origin -- that is for windows
if (!isMainThread) parentPort?.postMessage(score(workerData as readonly string[]))

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
