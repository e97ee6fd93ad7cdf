// RIGHT. Differs: how many bytes the replica is ahead of what the customer has seen.

import { findOrderAt, unknownOrder } from '#services/api/orders/find-order.ts'
import type { PositionedOrder } from '#services/api/orders/find-order.ts'
import type { ReadOrder } from '#services/api/seams.ts'

export const readOrder: ReadOrder = async ({ orderId, position = '0/0' }, { primary, replica }) => {
  const fromReplica = async (): Promise<PositionedOrder | undefined> => {
    if (replica === undefined) return undefined
    const seen = /^[0-9a-f]{1,8}\/[0-9a-f]{1,8}$/i.test(position) ? position : 'FFFFFFFF/FFFFFFFF'
    const { rows } = await replica.query<{ ahead: string }>(
      'SELECT pg_wal_lsn_diff(pg_last_wal_replay_lsn(), $1::pg_lsn)::text AS ahead',
      [seen],
    )
    if (!(Number(rows[0]?.ahead) >= 0)) return undefined
    return await findOrderAt(replica, orderId, 'pg_last_wal_replay_lsn()')
  }
  const found =
    (await fromReplica().catch(() => undefined)) ??
    (await findOrderAt(primary, orderId, 'pg_current_wal_lsn()'))
  if (found === undefined) throw unknownOrder(orderId)
  return found
}
