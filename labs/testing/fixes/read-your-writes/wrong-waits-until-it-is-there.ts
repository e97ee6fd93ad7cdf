// WRONG. Breaks: "A replica that is down, silent or far behind makes no read fail and no read longer than two seconds."
// When: the replica is far behind or stopped: reads take as long as the lag.

import { setTimeout as sleep } from 'node:timers/promises'

import { findOrderAt, unknownOrder } from '#services/api/orders/find-order.ts'
import { isPosition } from '#services/api/orders/position.ts'
import type { ReadOrder } from '#services/api/seams.ts'

export const readOrder: ReadOrder = async ({ orderId, position }, { primary, replica, log }) => {
  try {
    while (replica !== undefined) {
      const { rows } = await replica.query<{ ok: boolean }>(
        'SELECT coalesce(pg_last_wal_replay_lsn() >= $1::pg_lsn, true) AS ok',
        [position !== undefined && isPosition(position) ? position : null],
      )
      if (rows[0]?.ok === true) {
        const copy = await findOrderAt(replica, orderId, 'pg_last_wal_replay_lsn()')
        if (copy !== undefined) return copy
        break
      }
      await sleep(20)
    }
  } catch (error) {
    log.warn({ err: error }, 'replica')
  }
  const found = await findOrderAt(primary, orderId, 'pg_current_wal_lsn()')
  if (found === undefined) throw unknownOrder(orderId)
  return found
}
