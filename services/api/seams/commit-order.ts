import type { CommitOrder } from '../seams.ts'

/**
 * With a replica, Postgres replies to this COMMIT only when the replica has written it to its disk, and no other transaction
 * sees the order before that. A failover loses no order that a customer knows or a worker has charged. Only this transaction
 * waits.
 */
export const commitOrder: CommitOrder = async (transaction, { replica }) => {
  if (replica !== undefined) await transaction.query('SET LOCAL synchronous_commit = on')
  await transaction.commit()
}
