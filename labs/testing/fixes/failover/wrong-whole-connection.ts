// WRONG. Breaks: "Only the transaction of the order waits for the replica: prices, payments and reads do not."
// When: the setting stays on the connection. Later transactions on it wait as well, and fail while the replica is silent.

import type { CommitOrder } from '#services/api/seams.ts'

export const commitOrder: CommitOrder = async (transaction, { replica }) => {
  if (replica !== undefined) await transaction.query('SET synchronous_commit = on')
  await transaction.commit()
}
