import type { XrayEvent } from '../../../contracts/events.ts'
import type { ExchangeEvent } from '../../../contracts/links.ts'

/** Events for whoever looks right now: the store does not keep them. */
export interface Feed<T> {
  /** Calls the listener for every event; returns the function that ends it. */
  listen(listener: (event: T) => void): () => void
  publish(event: T): void
}

export const xrayFeed = createFeed<XrayEvent>()
export const exchangeFeed = createFeed<ExchangeEvent>()

function createFeed<T>(): Feed<T> {
  const listeners = new Set<(event: T) => void>()
  return {
    listen: (listener) => {
      listeners.add(listener)
      return () => {
        listeners.delete(listener)
      }
    },
    publish: (event) => {
      for (const listener of listeners) listener(event)
    },
  }
}
