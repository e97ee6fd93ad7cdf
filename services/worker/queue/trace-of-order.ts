import type { Queryable } from '#services/lib/database.ts'
import type { ReceivedMessage } from '#services/lib/order-message.ts'
import type { Telemetry, Traceparent } from '#services/lib/telemetry/telemetry.ts'
import { parseTraceparent } from '#services/lib/telemetry/traceparent.ts'

/**
 * The span that wrote the order's message into the outbox, for a process that enqueues the order again. Undefined while
 * telemetry is off, without such a message, and if it cannot be read: a trace must not decide about an order.
 */
export async function traceOfOrder(
  database: Queryable,
  { orderId }: Pick<ReceivedMessage, 'orderId'>,
  telemetry: Telemetry,
): Promise<Traceparent | undefined> {
  if (!telemetry.isOn) return undefined
  try {
    const { rows } = await database.query<{ traceparent: unknown }>(
      `SELECT payload->>'traceparent' AS traceparent FROM outbox WHERE order_id = $1 ORDER BY id LIMIT 1`,
      [orderId],
    )
    return parseTraceparent(rows[0]?.traceparent)
  } catch {
    return undefined
  }
}
