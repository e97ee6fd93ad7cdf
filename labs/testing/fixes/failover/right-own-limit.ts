// RIGHT. Differs: it gives up after 800 ms by itself. The COMMIT stays open, so the order is never confirmed.

import { setTimeout as sleep } from 'node:timers/promises'

import type { CommitOrder } from '#services/api/seams.ts'

export const commitOrder: CommitOrder = async (transaction, { replica, log }) => {
  if (replica === undefined) return await transaction.commit()
  await transaction.query('SET LOCAL synchronous_commit TO on')
  const isCommitted = await Promise.race([
    transaction.commit().then(() => true),
    sleep(800, false, { ref: false }),
  ])
  if (isCommitted) return
  log.warn({}, 'the replica did not confirm an order')
  throw new Error('Query read timeout: the replica did not confirm the order.')
}
