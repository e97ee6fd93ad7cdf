import { unknownOrder } from '#services/api/orders/find-order.ts'
import type { OrderView } from '#services/api/orders/find-order.ts'
import type { OrderReading, ReadOrder } from '#services/api/seams.ts'
import type { Database } from '#services/lib/database.ts'

/**
 * Right, by another design: the position that it returns is the version of the order. A copy with that version or a later one
 * is new enough. After `POST /orders` any copy is new enough, if there is one.
 */
export const readOrder: ReadOrder = async ({ orderId, position }, { primary, replica, log }) => {
  const seen = versionIn(position)
  if (replica !== undefined) {
    const copy = await read(replica, orderId).catch((error: unknown) => {
      log.warn({ orderId, err: error }, 'the replica did not respond')
      return undefined
    })
    if (copy !== undefined && copy.version >= seen) return copy.reading
  }
  const found = await read(primary, orderId)
  if (found === undefined) throw unknownOrder(orderId)
  return found.reading
}

function versionIn(position = ''): number {
  const [, version] = /^version (\d{1,9})$/.exec(position) ?? []
  return Number(version ?? 0)
}

async function read(
  database: Database,
  orderId: string,
): Promise<{ readonly version: number; readonly reading: OrderReading } | undefined> {
  const { rows } = await database.query<OrderView & { version: number }>(
    `SELECT id AS "orderId", client_key AS key, status, sku, quantity, amount_cents AS "amountCents", version
     FROM orders WHERE id = $1`,
    [orderId],
  )
  if (rows[0] === undefined) return undefined
  const { version, ...order } = rows[0]
  return { version, reading: { order, position: `version ${version}` } }
}
