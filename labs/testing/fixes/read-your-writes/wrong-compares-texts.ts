// WRONG. Breaks: "No read shows an older status than an earlier read of the same customer, however far behind the replica is."
// When: the log passes `0/FFFFFFF`: as a text, `0/FFFFD28` is after `0/10000018`. The replica counts as new enough too early, or
// never again.

import { findOrderAt, unknownOrder } from '#services/api/orders/find-order.ts'
import type { ReadOrder } from '#services/api/seams.ts'

export const readOrder: ReadOrder = async ({ orderId, position }, { primary, replica, log }) => {
  if (replica !== undefined) {
    try {
      const { rows } = await replica.query<{ at: string }>(
        'SELECT pg_last_wal_replay_lsn()::text AS at',
      )
      if (position === undefined || (rows[0]?.at ?? '') >= position) {
        const copy = await findOrderAt(replica, orderId, 'pg_last_wal_replay_lsn()')
        if (copy !== undefined) return copy
      }
    } catch (error) {
      log.warn({ err: error }, 'replica')
    }
  }
  const found = await findOrderAt(primary, orderId, 'pg_current_wal_lsn()')
  if (found === undefined) throw unknownOrder(orderId)
  return found
}
