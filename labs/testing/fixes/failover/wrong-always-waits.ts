// WRONG. Breaks: "Without a replica, orders wait for nothing."
// When: the shop runs without a replica: no server ever confirms, and every order fails after a second.

import type { CommitOrder } from '#services/api/seams.ts'

export const commitOrder: CommitOrder = async (transaction) => {
  await transaction.query('SET LOCAL synchronous_commit = on')
  await transaction.commit()
}
