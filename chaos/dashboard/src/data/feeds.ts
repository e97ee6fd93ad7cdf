import type { LabFileEvent, SandboxEvent, XrayEvent } from '../../../contracts/events.ts'
import type { ExchangeEvent } from '../../../contracts/links.ts'

/** Passes events to the current listeners. The state of the page does not keep them. */
export interface Feed<T> {
  /** Calls the listener for each event; the returned function removes the listener. */
  listen(listener: (event: T) => void): () => void
  publish(event: T): void
}

/** Every event, after it has changed the state of the page. */
export const eventFeed = createFeed<SandboxEvent>()
export const xrayFeed = createFeed<XrayEvent>()
export const labFileFeed = createFeed<LabFileEvent>()
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
