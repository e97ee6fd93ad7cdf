// RIGHT. Differs: it compares the positions as numbers, in the API.

import type { OrderView } from '#services/api/orders/find-order.ts'
import { unknownOrder } from '#services/api/orders/find-order.ts'
import type { OrderReading, ReadOrder } from '#services/api/seams.ts'
import type { Database } from '#services/lib/database.ts'

const sql = (position: string): string =>
  `SELECT id AS "orderId", client_key AS key, status, sku, quantity, amount_cents AS "amountCents", ${position}::text AS at
   FROM orders WHERE id = $1`

export const readOrder: ReadOrder = async ({ orderId, position }, { primary, replica, log }) => {
  if (replica !== undefined) {
    try {
      const { rows } = await replica.query<{ at: string }>(
        'SELECT pg_last_wal_replay_lsn()::text AS at',
      )
      const copy =
        byteOf(rows[0]?.at) >= byteOf(position)
          ? await read(replica, orderId, 'pg_last_wal_replay_lsn()')
          : undefined
      if (copy !== undefined) return copy
    } catch (error) {
      log.info({ err: error }, 'the primary serves this read')
    }
  }
  const found = await read(primary, orderId, 'pg_current_wal_lsn()')
  if (found === undefined) throw unknownOrder(orderId)
  return found
}

async function read(
  database: Database,
  id: string,
  position: string,
): Promise<OrderReading | undefined> {
  const { rows } = await database.query<OrderView & { at: string }>(sql(position), [id])
  const [row] = rows
  if (row === undefined) return undefined
  const { at, ...order } = row
  return { order, position: at }
}

function byteOf(position = '0/0'): bigint {
  const [, high, low] = /^([0-9a-f]{1,8})\/([0-9a-f]{1,8})$/i.exec(position) ?? []
  if (high === undefined) return 2n ** 64n
  return (BigInt(`0x${high}`) << 32n) + BigInt(`0x${low}`)
}
