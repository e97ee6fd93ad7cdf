import type { Database } from '#services/lib/database.ts'

import { findOrder, findOrderAt, unknownOrder } from '../orders/find-order.ts'
import type { PositionedOrder } from '../orders/find-order.ts'
import { isPosition } from '../orders/position.ts'
import type { ReadOrder } from '../seams.ts'

/**
 * Reads from the replica if it has replayed what the customer has seen, else from the primary. The position says it exactly:
 * no clock, no memory of this process, and no measured lag does.
 */
export const readOrder: ReadOrder = async ({ orderId, position }, { primary, replica, log }) => {
  if (replica === undefined) return { order: await findOrder(primary, orderId) }
  const copy = await readReplica(replica, orderId, position).catch((error: unknown) => {
    log.warn({ orderId, err: error }, 'the replica did not respond')
    return undefined
  })
  const found = copy ?? (await findOrderAt(primary, orderId, 'pg_current_wal_lsn()'))
  if (found === undefined) throw unknownOrder(orderId)
  return found
}

/** Undefined: the replica does not have the order, or is behind what the customer has seen. */
async function readReplica(
  replica: Database,
  orderId: string,
  position: string | undefined,
): Promise<PositionedOrder | undefined> {
  if (position !== undefined && !(await hasReplayed(replica, position))) return undefined
  // A statement of its own: its snapshot is not older than the position above.
  return await findOrderAt(replica, orderId, 'pg_last_wal_replay_lsn()')
}

async function hasReplayed(replica: Database, position: string): Promise<boolean> {
  if (!isPosition(position)) return false
  const { rows } = await replica.query<{ replayed: boolean | null }>(
    'SELECT pg_last_wal_replay_lsn() >= $1::pg_lsn AS replayed',
    [position],
  )
  return rows[0]?.replayed === true
}
