import { parentPort, workerData } from 'node:worker_threads'

/**
 * The thread behind waker.ts: sleeps in `Atomics.wait` until the deadline in the shared memory, then posts a message. Its
 * sleep is right to some 50 microseconds, where a timer of the event loop is right to a millisecond.
 */
const shared = workerData as SharedArrayBuffer
const changes = new Int32Array(shared, 0, 1)
/** Nanoseconds on `process.hrtime`'s clock, which is the same in all threads; 0 is none. */
const deadline = new BigInt64Array(shared, 8, 1)

for (;;) {
  const seen = Atomics.load(changes, 0)
  const dueNs = Atomics.load(deadline, 0)
  const waitMs = dueNs === 0n ? Infinity : Number(dueNs - process.hrtime.bigint()) / 1e6
  if (waitMs > 0) Atomics.wait(changes, 0, seen, waitMs)
  // Whoever set another deadline meanwhile gets its own message.
  // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread, not a window
  else if (Atomics.compareExchange(deadline, 0, dueNs, 0n) === dueNs) parentPort?.postMessage(0)
}
