import type { Clock } from '#chaos/lib/clock.ts'
import { InputError } from '#chaos/lib/errors.ts'

export interface RateLimit {
  /** Throws {@link InputError} with status 429 when this client has no request left. Counts nothing. */
  require(client: string): void
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
  const leftOf = (client: string): number => {
    const { left, at } = buckets.get(client) ?? { left: burst, at: clock.now() }
    return Math.min(burst, left + ((clock.now() - at) / 1_000) * perSecond)
  }
  const refuse = (left: number): void => {
    if (left >= 1) return
    throw new InputError('This client sends too many requests.', {
      remedy: `Wait a few seconds. ${perSecond} requests per second are allowed.`,
      status: 429,
    })
  }
  return {
    require: (client) => refuse(leftOf(client)),
    take: (client) => {
      const left = leftOf(client)
      buckets.delete(client)
      buckets.set(client, { left: Math.max(0, left - 1), at: clock.now() })
      const [oldest] = buckets.keys()
      if (buckets.size > clientsMax && oldest !== undefined) buckets.delete(oldest)
      refuse(left)
    },
  }
}
