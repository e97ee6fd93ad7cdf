// WRONG. Breaks: "No read shows an older status than an earlier read of the same customer, however far behind the replica is."
// When: the first read comes from the primary. It returns no position, so the next read sends that of the 201, and the replica
// shows an older status.

import { findOrder, findOrderAt } from '#services/api/orders/find-order.ts'
import { isPosition } from '#services/api/orders/position.ts'
import type { ReadOrder } from '#services/api/seams.ts'

export const readOrder: ReadOrder = async ({ orderId, position }, { primary, replica, log }) => {
  if (replica !== undefined) {
    try {
      if (position === undefined || isPosition(position)) {
        const { rows } = await replica.query<{ ok: boolean }>(
          'SELECT $1::pg_lsn IS NULL OR pg_last_wal_replay_lsn() >= $1::pg_lsn AS ok',
          [position ?? null],
        )
        const copy =
          rows[0]?.ok === true
            ? await findOrderAt(replica, orderId, 'pg_last_wal_replay_lsn()')
            : undefined
        if (copy !== undefined) return { order: copy.order }
      }
    } catch (error) {
      log.warn({ err: error }, 'replica')
    }
  }
  return { order: await findOrder(primary, orderId) }
}
