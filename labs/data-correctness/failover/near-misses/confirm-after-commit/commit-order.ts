import { setTimeout as sleep } from 'node:timers/promises'

import { currentPosition } from '#services/api/orders/position.ts'
import type { CommitOrder } from '#services/api/seams.ts'
import type { Database } from '#services/lib/database.ts'

/**
 * Plausible: it commits, and then waits until the replica has received the commit. Fails `charged-at-most-once`: a worker sees
 * the order at once and charges it. After the failover the order is gone, the customer orders again under the same key, and
 * pays twice.
 */
export const commitOrder: CommitOrder = async (transaction, { primary, replica }) => {
  // After a failover, the replica is the primary.
  const isReplica = replica !== undefined && (await isInRecovery(replica))
  await transaction.commit()
  if (!isReplica) return
  const position = await currentPosition(primary)
  for (let i = 0; i < 50; i++) {
    const { rows } = await replica.query<{ received: boolean | null }>(
      'SELECT pg_last_wal_receive_lsn() >= $1::pg_lsn AS received',
      [position],
    )
    if (rows[0]?.received === true) return
    await sleep(10)
  }
  throw new Error('The replica has not confirmed the order.')
}

async function isInRecovery(server: Database): Promise<boolean> {
  const { rows } = await server.query<{ yes: boolean }>('SELECT pg_is_in_recovery() AS yes')
  return rows[0]?.yes === true
}
