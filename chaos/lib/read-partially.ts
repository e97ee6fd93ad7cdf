import type { PartialCounters, TruthCounters } from '#chaos/contracts/truth.ts'

import { messageOf } from './errors.ts'
import { rejectionOn } from './signals/rejection-on.ts'

/** The name of a source, and its counters. */
type Reading = readonly [source: string, counters: Promise<TruthCounters>]

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
