import type { CommitOrder } from '#services/api/seams.ts'

/**
 * Plausible: it commits only while the replica is connected. Fails `no-lost-orders`: the connection says nothing about this
 * commit.
 */
export const commitOrder: CommitOrder = async (transaction, { replica }) => {
  const { rowCount } = await transaction.query(
    `SELECT FROM pg_stat_replication WHERE state = 'streaming'`,
  )
  if (replica !== undefined && rowCount === 0) throw new Error('Connection terminated: no replica')
  await transaction.commit()
}
