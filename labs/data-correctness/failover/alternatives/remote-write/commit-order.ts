import type { CommitOrder } from '#services/api/seams.ts'

/**
 * Right, by another trade-off: the replica confirms when it has handed the order to its operating system, without a wait for its
 * disk. A failover loses no order. A failover together with a power failure at the replica can.
 */
export const commitOrder: CommitOrder = async (transaction, { replica }) => {
  if (replica !== undefined) await transaction.query('SET LOCAL synchronous_commit = remote_write')
  await transaction.commit()
}
