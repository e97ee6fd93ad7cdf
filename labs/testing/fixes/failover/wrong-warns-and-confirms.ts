// WRONG. Breaks: "When a customer receives the 201, the replica has the order."
// When: the replica does not confirm within half a second: the order is confirmed, with a line in the log.

import { setTimeout as sleep } from 'node:timers/promises'

import { currentPosition } from '#services/api/orders/position.ts'
import type { CommitOrder } from '#services/api/seams.ts'

export const commitOrder: CommitOrder = async (transaction, { primary, replica, log }) => {
  await transaction.commit()
  if (replica === undefined) return
  try {
    const position = await currentPosition(primary)
    for (let i = 0; i < 25; i++) {
      const { rows } = await replica.query<{ received: boolean | null }>(
        'SELECT pg_last_wal_receive_lsn() >= $1::pg_lsn AS received',
        [position],
      )
      if (rows[0]?.received === true) return
      await sleep(20)
    }
  } catch (error) {
    log.warn({ err: error }, 'the replica did not respond')
  }
  log.warn({}, 'the replica is behind')
}
