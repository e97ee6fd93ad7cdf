import { findOrder } from '#services/api/orders/find-order.ts'
import type { ReadOrder } from '#services/api/seams.ts'
import type { Database } from '#services/lib/database.ts'

const lagMaxMs = 1_000

/**
 * Plausible: it asks the replica how far behind it is, as most monitoring does, and reads the primary if that is too much.
 * Fails `refusals-are-true`: every lag below the limit is too much for the customer who has just ordered.
 */
export const readOrder: ReadOrder = async ({ orderId }, { primary, replica, log }) => {
  if (replica === undefined) return { order: await findOrder(primary, orderId) }
  const lagMs = await lagOf(replica).catch((error: unknown) => {
    log.warn({ err: error }, 'the replica did not respond')
    return Number.POSITIVE_INFINITY
  })
  return { order: await findOrder(lagMs < lagMaxMs ? replica : primary, orderId) }
}

async function lagOf(replica: Database): Promise<number> {
  const { rows } = await replica.query<{ replayed: Date | null }>(
    'SELECT pg_last_xact_replay_timestamp() AS replayed',
  )
  const replayed = rows[0]?.replayed ?? null
  return replayed === null ? 0 : Date.now() - replayed.getTime()
}
