import { setTimeout as sleep } from 'node:timers/promises'

import { findOrderAt, unknownOrder } from '#services/api/orders/find-order.ts'
import { isPosition } from '#services/api/orders/position.ts'
import type { ReadOrder } from '#services/api/seams.ts'
import type { Database } from '#services/lib/database.ts'

const waitMaxMs = 60
const lookEveryMs = 10

/**
 * Right, by another design: a read that comes too early waits a moment for the replica. The primary serves it only if that
 * moment was not enough, or if the replica does not respond.
 */
export const readOrder: ReadOrder = async ({ orderId, position }, { primary, replica, log }) => {
  try {
    if (replica !== undefined && (await reaches(replica, position))) {
      const copy = await findOrderAt(replica, orderId, 'pg_last_wal_replay_lsn()')
      if (copy !== undefined) return copy
    }
  } catch (error) {
    log.warn({ orderId, err: error }, 'the replica did not respond')
  }
  const found = await findOrderAt(primary, orderId, 'pg_current_wal_lsn()')
  if (found === undefined) throw unknownOrder(orderId)
  return found
}

async function reaches(replica: Database, position: string | undefined): Promise<boolean> {
  if (position === undefined) return true
  if (!isPosition(position)) return false
  for (let waitedMs = 0; ; waitedMs += lookEveryMs) {
    const { rows } = await replica.query<{ reached: boolean }>(
      'SELECT pg_last_wal_replay_lsn() >= $1::pg_lsn AS reached',
      [position],
    )
    if (rows[0]?.reached === true) return true
    if (waitedMs >= waitMaxMs) return false
    await sleep(lookEveryMs)
  }
}
