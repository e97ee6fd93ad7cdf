import { Worker } from 'node:worker_threads'

/** Calls back once, near the deadline that was set last. It may be early, so the caller checks the clock. */
export interface Waker {
  /** `deadlineMs` is on the clock of `performance.now()`. A later call replaces an earlier one. */
  wakeAt(deadlineMs: number): void
  close(): void
}

/**
 * A waker wakes at the latest after this time. Its units end at 2^31 ms (a timer of the event loop) and 2^63 ns (the
 * thread); a toxic's delay can be longer.
 */
const sleepMaxMs = 3_600_000

/** Uses the thread when it runs. Before that, and if the thread cannot run, uses timers of the event loop. */
export function createWaker(wake: () => void): Waker {
  const plain = createPlainWaker(wake)
  let pendingMs: number | undefined
  const bounded = (deadlineMs: number): number =>
    Math.min(deadlineMs, performance.now() + sleepMaxMs)
  const thread = createThreadWaker(wake, () => {
    if (pendingMs !== undefined) thread.wakeAt(bounded(pendingMs))
  })
  return {
    wakeAt: (deadlineMs) => {
      if (thread.running()) thread.wakeAt(bounded(deadlineMs))
      else {
        pendingMs = deadlineMs
        plain.wakeAt(bounded(deadlineMs))
      }
    },
    close: () => {
      plain.close()
      thread.close()
    },
  }
}

/** Timers of the event loop: accurate to a millisecond, and up to one millisecond early. */
function createPlainWaker(wake: () => void): Waker {
  let timer: NodeJS.Timeout | undefined
  return {
    wakeAt: (deadlineMs) => {
      clearTimeout(timer)
      timer = setTimeout(wake, Math.max(0, deadlineMs - performance.now()))
    },
    close: () => clearTimeout(timer),
  }
}

interface ThreadWaker extends Waker {
  running(): boolean
}

function createThreadWaker(wake: () => void, started: () => void): ThreadWaker {
  const shared = new SharedArrayBuffer(16)
  const changes = new Int32Array(shared, 0, 1)
  const deadline = new BigInt64Array(shared, 8, 1)
  const worker = new Worker(new URL('timer-thread.ts', import.meta.url), { workerData: shared })
  let running = false
  worker.once('online', () => {
    running = true
    started()
  })
  worker.on('error', () => {
    running = false
  })
  worker.on('message', wake)
  worker.unref()
  return {
    running: () => running,
    wakeAt: (deadlineMs) => {
      const inNs = BigInt(Math.round((deadlineMs - performance.now()) * 1e6))
      Atomics.store(deadline, 0, process.hrtime.bigint() + (inNs > 0n ? inNs : 0n))
      Atomics.add(changes, 0, 1)
      Atomics.notify(changes, 0)
    },
    close: () => {
      running = false
      void worker.terminate()
    },
  }
}
