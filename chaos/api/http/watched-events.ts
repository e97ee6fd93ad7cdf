import type { EventFeed } from '../controller.ts'

export interface WatchedEvents extends EventFeed, AsyncDisposable {
  /** Stops `whileWatched` until the result is disposed: a run does the same work then. */
  pause(): Promise<Disposable>
}

/** The feed for event streams. `whileWatched` runs while at least one stream reads: its work costs time. */
export function watchedEvents(feed: EventFeed, whileWatched: () => AsyncDisposable): WatchedEvents {
  let watchers = 0
  let pauses = 0
  let running: AsyncDisposable | undefined
  const update = async (): Promise<void> => {
    const wanted = watchers > 0 && pauses === 0
    if (wanted) running ??= whileWatched()
    else {
      const ending = running
      running = undefined
      await ending?.[Symbol.asyncDispose]()
    }
  }
  return {
    get lastSeq() {
      return feed.lastSeq
    },
    since: (seq) => feed.since(seq),
    subscribe: (listener) => {
      const end = feed.subscribe(listener)
      watchers += 1
      void update()
      return () => {
        watchers -= 1
        end()
        void update()
      }
    },
    pause: async () => {
      pauses += 1
      await update()
      return {
        [Symbol.dispose]: () => {
          pauses -= 1
          void update()
        },
      }
    },
    [Symbol.asyncDispose]: async () => {
      pauses += 1
      await update()
    },
  }
}
