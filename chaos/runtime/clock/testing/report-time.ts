/** Program: reports what its clocks show, for each message of its parent. */
import { Worker } from 'node:worker_threads'

const { now: taken } = Date
const thread = new Worker(
  `const { parentPort } = require('node:worker_threads')
   parentPort.on('message', () => parentPort.postMessage(Date.now()))`,
  { eval: true },
)

process.on('message', () => {
  const startedMs = performance.now()
  setTimeout(() => {
    thread.once('message', (threadNow: number) => {
      const date = new Date()
      process.send?.({
        now: Date.now(),
        constructed: date.getTime(),
        called: Date.parse(Date()),
        taken: taken(),
        threadNow,
        isDate: date instanceof Date && new (date.constructor as DateConstructor)() instanceof Date,
        parsed: new Date('2026-01-02T03:04:05Z').toISOString(),
        timerMs: performance.now() - startedMs,
        monotonicMs: performance.now(),
      })
    })
    // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread is not a window
    thread.postMessage('now')
  }, 10)
})
