import type { EventFeed } from '../controller.ts'

export interface WatchedEvents extends EventFeed, AsyncDisposable {
  /** Until it is disposed of, `whileWatched` rests: somebody else does its work. */
  pause(): Promise<Disposable>
}

/** The events for people who look: while somebody does, `whileWatched` lives. */
export function watchedEvents(feed: EventFeed, whileWatched: () => AsyncDisposable): WatchedEvents {
  let watchers = 0
  let resting = 0
  let living: AsyncDisposable | undefined
  const update = async (): Promise<void> => {
    const wanted = watchers > 0 && resting === 0
    if (wanted) living ??= whileWatched()
    else {
      const ending = living
      living = undefined
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
      resting += 1
      await update()
      return {
        [Symbol.dispose]: () => {
          resting -= 1
          void update()
        },
      }
    },
    [Symbol.asyncDispose]: async () => {
      resting += 1
      await update()
    },
  }
}
