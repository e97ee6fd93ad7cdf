import type { PartialCounters } from '#chaos/contracts/truth.ts'
import { messageOf } from '#chaos/lib/errors.ts'
import { rejectionOn } from '#chaos/lib/rejection-on.ts'

import type { ShopCounters, TruthSource } from './truth.ts'

type Reading = readonly [TruthSource, Promise<Partial<ShopCounters>>]

/** Never rejects and never waits beyond the signal: a source that cannot be read by then is `unread`. */
export async function readPartially(
  readings: readonly Reading[],
  signal?: AbortSignal,
): Promise<PartialCounters> {
  const tooLate = rejectionOn(signal)
  const results = await Promise.allSettled(
    readings.map(([, reading]) => Promise.race([reading, tooLate])),
  )
  return {
    counters: Object.assign(
      {},
      ...results.map((result) => (result.status === 'fulfilled' ? result.value : {})),
    ) as PartialCounters['counters'],
    unread: readings.flatMap(([source], index) => {
      const result = results[index]
      return result?.status === 'rejected' ? [{ source, error: messageOf(result.reason) }] : []
    }),
  }
}
