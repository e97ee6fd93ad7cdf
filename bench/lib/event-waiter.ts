import type { ApiClient } from '#chaos/api/client/api-client.ts'
import type { SandboxEvent } from '#chaos/contracts/events.ts'

/** Reads a controller's event stream, as the dashboard does. */
export interface EventWaiter extends AsyncDisposable {
  /** Resolves to the first wanted event that arrives from now on. */
  next(wanted: (event: SandboxEvent) => boolean): Promise<SandboxEvent>
}

interface Waiting {
  readonly wanted: (event: SandboxEvent) => boolean
  readonly found: PromiseWithResolvers<SandboxEvent>
}

export function openEventWaiter(client: ApiClient): EventWaiter {
  const over = new AbortController()
  const waiting = new Set<Waiting>()
  const read = async (): Promise<void> => {
    for await (const event of client.events({}, 0, over.signal))
      for (const one of waiting)
        if (one.wanted(event)) {
          waiting.delete(one)
          one.found.resolve(event)
        }
  }
  const reading = read().catch((error: unknown) => {
    for (const { found } of waiting) found.reject(error)
  })
  return {
    next: (wanted) => {
      const found = Promise.withResolvers<SandboxEvent>()
      waiting.add({ wanted, found })
      return found.promise
    },
    [Symbol.asyncDispose]: async () => {
      over.abort()
      await reading
    },
  }
}
