import type { CommitOrder } from '#services/api/seams.ts'

/**
 * Right, by another trade-off: the replica confirms when queries there see the order, so every read of the customer finds it.
 * A replica that is late makes every order late.
 */
export const commitOrder: CommitOrder = async (transaction, { replica }) => {
  if (replica !== undefined) await transaction.query('SET LOCAL synchronous_commit = remote_apply')
  await transaction.commit()
}
