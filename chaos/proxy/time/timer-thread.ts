import { parentPort, workerData } from 'node:worker_threads'

/**
 * The thread of waker.ts. It sleeps in `Atomics.wait` until the deadline in the shared memory, then posts a message. The
 * sleep is accurate to about 50 microseconds; a timer of the event loop is accurate to a millisecond.
 */
const shared = workerData as SharedArrayBuffer
const changes = new Int32Array(shared, 0, 1)
/** Nanoseconds on the clock of `process.hrtime`, which all threads share; 0: no deadline. */
const deadline = new BigInt64Array(shared, 8, 1)

for (;;) {
  const seen = Atomics.load(changes, 0)
  const dueNs = Atomics.load(deadline, 0)
  const waitMs = dueNs === 0n ? Infinity : Number(dueNs - process.hrtime.bigint()) / 1e6
  if (waitMs > 0) Atomics.wait(changes, 0, seen, waitMs)
  // If the deadline was replaced in the meantime, the new deadline gets its own message.
  // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread, not a window
  else if (Atomics.compareExchange(deadline, 0, dueNs, 0n) === dueNs) parentPort?.postMessage(0)
}
