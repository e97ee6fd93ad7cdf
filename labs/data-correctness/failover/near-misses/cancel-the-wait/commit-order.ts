import type { CommitOrder } from '#services/api/seams.ts'

const waitMaxMs = 500

/**
 * Plausible: it waits for the replica, and bounds the wait: Postgres can cancel a statement. Fails `no-lost-orders`: a canceled
 * wait is not an error. The order is committed, the reply is COMMIT, with a warning, and the replica does not have the order.
 */
export const commitOrder: CommitOrder = async (transaction, { primary, replica, log }) => {
  if (replica === undefined) return await transaction.commit()
  await transaction.query('SET LOCAL synchronous_commit = on')
  const { rows } = await transaction.query<{ pid: number }>('SELECT pg_backend_pid() AS pid')
  const limit = setTimeout(() => {
    primary
      .query('SELECT pg_cancel_backend($1)', [rows[0]?.pid])
      .catch((error: unknown) => log.warn({ err: error }, 'the wait was not canceled'))
  }, waitMaxMs)
  try {
    await transaction.commit()
  } finally {
    clearTimeout(limit)
  }
}
