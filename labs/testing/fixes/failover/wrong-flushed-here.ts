// WRONG. Breaks: "When a customer receives the 201, the replica has the order."
// When: always. `local` waits for the disk of the primary only, as before.

import type { CommitOrder } from '#services/api/seams.ts'

export const commitOrder: CommitOrder = async (transaction, { replica }) => {
  if (replica !== undefined) await transaction.query('SET LOCAL synchronous_commit = local')
  await transaction.commit()
}
