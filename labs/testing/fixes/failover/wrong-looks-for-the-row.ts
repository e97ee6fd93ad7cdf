// WRONG. Breaks: "Until the replica has the order, no worker and no other customer sees it."
// When: the order is committed, and the replica has stopped: a worker charges it, and the failover takes it away.

import { setTimeout as sleep } from 'node:timers/promises'

import { currentPosition } from '#services/api/orders/position.ts'
import type { CommitOrder } from '#services/api/seams.ts'

export const commitOrder: CommitOrder = async (transaction, { primary, replica, log }) => {
  await transaction.commit()
  if (replica === undefined) return
  const position = await currentPosition(primary)
  const startMs = performance.now()
  while (performance.now() - startMs < 900) {
    const { rows } = await replica.query<{ isThere: boolean | null }>(
      'SELECT NOT pg_is_in_recovery() OR pg_last_wal_replay_lsn() >= $1::pg_lsn AS "isThere"',
      [position],
    )
    if (rows[0]?.isThere === true) return
    await sleep(20)
  }
  log.warn({ position }, 'the replica does not have the order yet')
  throw new Error('The replica does not have the order yet.')
}
