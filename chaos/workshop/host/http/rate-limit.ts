import type { Clock } from '#chaos/lib/clock.ts'
import { InputError } from '#chaos/lib/errors.ts'

export interface RateLimit {
  /** Counts one request of this client. Throws {@link InputError} with status 429 when it has none left. */
  take(client: string): void
}

/** Clients that are remembered. A client that is forgotten starts again with `burst`. */
const clientsMax = 5_000

/** Each client has `burst` requests, and receives `perSecond` new ones. */
export function createRateLimit(
  clock: Pick<Clock, 'now'>,
  { burst, perSecond }: { readonly burst: number; readonly perSecond: number },
): RateLimit {
  const buckets = new Map<string, { left: number; at: number }>()
  return {
    take: (client) => {
      const now = clock.now()
      const { left, at } = buckets.get(client) ?? { left: burst, at: now }
      const refilled = Math.min(burst, left + ((now - at) / 1_000) * perSecond)
      buckets.delete(client)
      buckets.set(client, { left: Math.max(0, refilled - 1), at: now })
      const [oldest] = buckets.keys()
      if (buckets.size > clientsMax && oldest !== undefined) buckets.delete(oldest)
      if (refilled < 1)
        throw new InputError('This client sends too many requests.', {
          remedy: `Wait a few seconds. ${perSecond} requests per second are allowed.`,
          status: 429,
        })
    },
  }
}
