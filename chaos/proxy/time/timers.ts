import { createWaker } from './waker.ts'

/** Precise delays for bytes: never early, late by less than a millisecond on a machine with free processor time. */
export interface Timers {
  /** Monotonic time in milliseconds, with a fraction. */
  now(): number
  /** Calls `run` when `now()` has reached `deadlineMs`. Timers with the same deadline run in the order of the calls. */
  at(deadlineMs: number, run: () => void): Timer
}

export interface Timer {
  cancel(): void
}

export interface OwnedTimers extends Timers {
  /** Cancels all timers and ends the thread. */
  close(): void
}

interface Entry extends Timer {
  deadlineMs: number
  order: number
  run: (() => void) | null
}

/** One heap of deadlines for the whole process, and one waker for the first deadline. */
export function createTimers(): OwnedTimers {
  const heap: Entry[] = []
  let order = 0
  let wokenFor = Infinity
  const waker = createWaker(() => {
    wokenFor = Infinity
    runDue()
  })
  const now = (): number => performance.now()

  const runDue = (): void => {
    while (heap[0] !== undefined && (heap[0].run === null || heap[0].deadlineMs <= now())) {
      const entry = popFirst(heap)
      entry.run?.()
    }
    arm()
  }
  const arm = (): void => {
    const first = heap[0]
    if (first === undefined || first.deadlineMs >= wokenFor) return
    wokenFor = first.deadlineMs
    waker.wakeAt(first.deadlineMs)
  }
  return {
    now,
    at: (deadlineMs, run) => {
      const entry: Entry = {
        deadlineMs,
        order: order++,
        run,
        cancel: () => void (entry.run = null),
      }
      push(heap, entry)
      arm()
      return entry
    },
    close: () => {
      heap.length = 0
      waker.close()
    },
  }
}

function before(a: Entry, b: Entry): boolean {
  return a.deadlineMs < b.deadlineMs || (a.deadlineMs === b.deadlineMs && a.order < b.order)
}

function push(heap: Entry[], entry: Entry): void {
  let index = heap.length
  heap.push(entry)
  while (index > 0) {
    const parent = (index - 1) >> 1
    const above = heap[parent] as Entry
    if (!before(entry, above)) break
    heap[index] = above
    index = parent
  }
  heap[index] = entry
}

function popFirst(heap: Entry[]): Entry {
  const first = heap[0] as Entry
  const last = heap.pop() as Entry
  if (heap.length === 0) return first
  let index = 0
  for (;;) {
    let child = 2 * index + 1
    if (child >= heap.length) break
    if (child + 1 < heap.length && before(heap[child + 1] as Entry, heap[child] as Entry)) child++
    if (!before(heap[child] as Entry, last)) break
    heap[index] = heap[child] as Entry
    index = child
  }
  heap[index] = last
  return first
}
