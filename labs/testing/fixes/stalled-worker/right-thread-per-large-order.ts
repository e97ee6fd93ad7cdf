// RIGHT. Large orders are assessed in a thread of their own, with the same comparison; the main thread stays free
// for timers, sockets and other orders. Small ones (at most about 2 ms) stay here. A thread ends with its
// order, also after an error, and a thread that ends without a result rejects, so the queue retries the job.

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

parentPort.postMessage(countAlike(workerData))
`

/** Letters squared bound the steps of all comparisons together: 150 000 steps take about 2 ms. */
const STEPS_IN_PLACE = 150_000

export const assessRisk: AssessRisk = async ({ lines }) => {
  const letters = lines.reduce((sum, line) => sum + line.length + 1, 0)
  const small = letters * letters <= STEPS_IN_PLACE
  const alike = small ? countInPlace(lines) : await countInThread(lines)
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
  const thread = new Worker(THREAD, { eval: true, workerData: [...lines], execArgv: [] })
  try {
    return await new Promise<number>((resolve, reject) => {
      thread.once('message', resolve)
      thread.once('error', reject)
      thread.once('exit', (code) => {
        reject(new Error(`the thread ended with code ${code} and without a score`))
      })
    })
  } finally {
    await thread.terminate()
  }
}

function areAlike(a: string, b: string): boolean {
  return editDistance(a, b) <= Math.max(a.length, b.length) / 5
}
