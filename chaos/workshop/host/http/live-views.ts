import type { Clock } from '#chaos/lib/clock.ts'

/** Changes within this time cause one view. */
const gatherMs = 250
/** Minutes and timers change without an event. */
const refreshMs = 10_000

/** One view for all its readers: computed once per change, and only while there is a reader. */
export interface LiveView<View> extends Disposable {
  /** Sends the view now and after each change. Returns a function that ends it. */
  subscribe(send: (view: View) => void): () => void
  /** Something changed. */
  touch(): void
}

export function createLiveView<View>(clock: Clock, compute: () => View): LiveView<View> {
  const readers = new Set<(view: View) => void>()
  const ended = new AbortController()
  let isDue = false
  const send = (): void => {
    isDue = false
    if (readers.size === 0) return
    const view = compute()
    for (const reader of readers) reader(view)
  }
  const touch = (): void => {
    if (isDue || readers.size === 0) return
    isDue = true
    void clock.sleep(gatherMs, ended.signal).then(send, () => undefined)
  }
  const refresh = async (): Promise<void> => {
    while (!ended.signal.aborted) {
      await clock.sleep(refreshMs, ended.signal).catch(() => undefined)
      touch()
    }
  }
  void refresh()
  return {
    subscribe: (reader) => {
      readers.add(reader)
      reader(compute())
      return () => readers.delete(reader)
    },
    touch,
    [Symbol.dispose]: () => {
      ended.abort()
      readers.clear()
    },
  }
}
