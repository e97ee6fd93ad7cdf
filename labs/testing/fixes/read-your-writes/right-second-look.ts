// RIGHT. Differs: it looks twice at the replica, 30 ms apart, before the primary.

import { setTimeout as sleep } from 'node:timers/promises'

import { findOrderAt, unknownOrder } from '#services/api/orders/find-order.ts'
import { isPosition } from '#services/api/orders/position.ts'
import type { ReadOrder } from '#services/api/seams.ts'

export const readOrder: ReadOrder = async ({ orderId, position }, { primary, replica, log }) => {
  for (let look = 0; look < 2 && replica !== undefined; look++) {
    try {
      if (position !== undefined && !isPosition(position)) break
      const { rows } = await replica.query<{ at: boolean | null }>(
        'SELECT pg_last_wal_replay_lsn() >= $1::pg_lsn AS at',
        [position ?? '0/0'],
      )
      const copy =
        rows[0]?.at === true
          ? await findOrderAt(replica, orderId, 'pg_last_wal_replay_lsn()')
          : undefined
      if (copy !== undefined) return copy
      await sleep(30)
    } catch (error) {
      log.warn({ err: error }, 'replica')
      break
    }
  }
  const found = await findOrderAt(primary, orderId, 'pg_current_wal_lsn()')
  if (found === undefined) throw unknownOrder(orderId)
  return found
}
