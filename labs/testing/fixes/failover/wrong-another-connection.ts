// WRONG. Breaks: "When a customer receives the 201, the replica has the order."
// When: always. The setting is on another connection of the pool, and LOCAL ends there with the statement.

import type { CommitOrder } from '#services/api/seams.ts'

export const commitOrder: CommitOrder = async (transaction, { primary, replica }) => {
  if (replica !== undefined) await primary.query('SET LOCAL synchronous_commit = on')
  await transaction.commit()
}
