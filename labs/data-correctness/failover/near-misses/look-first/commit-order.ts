import type { CommitOrder } from '#services/api/seams.ts'

/**
 * Plausible: it commits only while a replica is connected. Fails `availability`: the new primary has no replica, so it refuses
 * every order. And the connection says nothing about this commit: a replica can stop right after it was seen.
 */
export const commitOrder: CommitOrder = async (transaction, { replica }) => {
  const { rows } = await transaction.query(
    `SELECT application_name FROM pg_stat_replication WHERE state = 'streaming'`,
  )
  if (replica !== undefined && rows.length === 0)
    throw new Error('Connection terminated: there is no replica.')
  await transaction.commit()
}
