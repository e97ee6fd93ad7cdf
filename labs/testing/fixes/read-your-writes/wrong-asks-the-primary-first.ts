// WRONG. Breaks: "While the replica has what the customer has seen, the read comes from the replica, and the primary receives no statement."
// When: always: it compares the replica with the primary of now. No read works while the primary is down.

import { findOrderAt, unknownOrder } from '#services/api/orders/find-order.ts'
import { currentPosition } from '#services/api/orders/position.ts'
import type { ReadOrder } from '#services/api/seams.ts'

export const readOrder: ReadOrder = async ({ orderId }, { primary, replica, log }) => {
  if (replica !== undefined) {
    const now = await currentPosition(primary)
    try {
      const { rows } = await replica.query<{ ok: boolean }>(
        'SELECT pg_last_wal_replay_lsn() >= $1::pg_lsn AS ok',
        [now],
      )
      if (rows[0]?.ok === true) {
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
