// RIGHT. Differs: the setting by a function, and with a parameter.

import type { CommitOrder } from '#services/api/seams.ts'

const level = 'remote_write'

export const commitOrder: CommitOrder = async (transaction, desk) => {
  if (desk.replica !== undefined)
    await transaction.query(`SELECT set_config('synchronous_commit', $1, true)`, [level])
  await transaction.commit()
}
