// WRONG. Breaks: the general promise that a worker runs for more than a day (a leak: threads and memory).
// When: many large orders arrive over time. Each one starts a thread that listens for messages and is never
// terminated: after some hundred large orders the process runs out of memory and all its jobs are redelivered.
// The story has two huge orders, and leaves two idle threads behind that nobody sees.

import { Worker } from 'node:worker_threads'

import { editDistance } from '#services/lib/edit-distance.ts'
import type { AssessRisk } from '#services/worker/seams.ts'

/** Runs in the thread. It cannot import TypeScript, so it has its own copy of `editDistance`. */
const THREAD = `
const { parentPort, workerData } = require("node:worker_threads")
function editDistance(a, b) {
  let previous = Array.from({ length: b.length + 1 }, (_, i) => i)
  for (let i = 1; i <= a.length; i++) {
    const row = [i]
    for (let j = 1; j <= b.length; j++) {
      const changed = previous[j - 1] + (a[i - 1] === b[j - 1] ? 0 : 1)
      row.push(Math.min(changed, previous[j] + 1, row[j - 1] + 1))
    }
    previous = row
  }
  return previous[b.length]
}
function countAlike(lines) {
  let alike = 0
  for (let i = 0; i < lines.length; i++)
    for (let j = i + 1; j < lines.length; j++)
      if (editDistance(lines[i], lines[j]) <= Math.max(lines[i].length, lines[j].length) / 5) alike++
  return alike
}

parentPort.on('message', (lines) => parentPort.postMessage(countAlike(lines)))
`

/** Small orders take less time than the start of a thread. */
const LINES_IN_PLACE = 40

export const assessRisk: AssessRisk = async ({ lines }) => {
  const alike = lines.length <= LINES_IN_PLACE ? countInPlace(lines) : await countInThread(lines)
  const pairs = (lines.length * (lines.length - 1)) / 2
  // A few lines prove nothing.
  return alike / (pairs + 100)
}

function countInPlace(lines: readonly string[]): number {
  let alike = 0
  for (const [index, line] of lines.entries())
    alike += lines.slice(index + 1).filter((other) => areAlike(line, other)).length
  return alike
}

async function countInThread(lines: readonly string[]): Promise<number> {
  const thread = new Worker(THREAD, { eval: true })
  return await new Promise<number>((resolve, reject) => {
    thread.once('message', resolve)
    thread.once('error', reject)
    thread.postMessage(lines)
  })
}

function areAlike(a: string, b: string): boolean {
  return editDistance(a, b) <= Math.max(a.length, b.length) / 5
}
