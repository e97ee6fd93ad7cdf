// WRONG. Breaks: "Any text can arrive as `x-position`: no text makes a read fail."
// When: the text is not a position: Postgres rejects the statement.

import { findOrderAt, unknownOrder } from '#services/api/orders/find-order.ts'
import type { ReadOrder } from '#services/api/seams.ts'

export const readOrder: ReadOrder = async ({ orderId, position }, { primary, replica }) => {
  if (replica !== undefined) {
    const { rows } = await replica
      .query<{ ok: boolean }>(
        'SELECT coalesce(pg_last_wal_replay_lsn() >= $1::pg_lsn, true) AS ok',
        [position ?? null],
      )
      .catch((error: unknown) => {
        if (String((error as { code?: string }).code).startsWith('22')) throw error
        return { rows: [] }
      })
    const copy =
      rows[0]?.ok === true
        ? await findOrderAt(replica, orderId, 'pg_last_wal_replay_lsn()').catch(() => undefined)
        : undefined
    if (copy !== undefined) return copy
  }
  const found = await findOrderAt(primary, orderId, 'pg_current_wal_lsn()')
  if (found === undefined) throw unknownOrder(orderId)
  return found
}
