import type { Database } from '#services/lib/database.ts'
import type { OrderQueue } from '#services/lib/order-queue.ts'
import { createParser } from '#services/lib/parsing/parser.ts'
import { inTransaction } from '#services/lib/transaction.ts'

import type { OutboxWatch } from './watch-outbox.ts'

interface WaitingMessage {
  readonly id: string
  readonly orderId: string
  readonly payload: unknown
}

/**
 * Moves waiting messages from the outbox to the queue, the oldest first. The transaction locks the
 * rows until the commit, so two relays move different messages. If the worker dies between the
 * enqueue and the commit, a message is enqueued twice. Consumers must handle that.
 */
export async function relayOutbox(
  database: Database,
  queue: Pick<OrderQueue, 'enqueue'>,
  outbox: OutboxWatch,
): Promise<void> {
  if (!(await outbox.isAnythingWaiting())) return
  await inTransaction(database, async (transaction) => {
    const { rows } = await transaction.query<WaitingMessage>(
      `SELECT id, order_id AS "orderId", payload FROM outbox
       WHERE published_at IS NULL ORDER BY id LIMIT 100 FOR UPDATE SKIP LOCKED`,
    )
    if (rows.length === 0) return
    await Promise.all(
      rows.map(
        async ({ orderId, payload }) => await queue.enqueue({ ...fieldsOf(payload), orderId }),
      ),
    )
    await transaction.query(
      'UPDATE outbox SET published_at = clock_timestamp() WHERE id = ANY ($1)',
      [rows.map(({ id }) => id)],
    )
  })
}

const parseFields = createParser<Readonly<Record<string, unknown>>>({ type: 'object' })

/** A payload without fields does not stop the relay: the worker sets its order aside. */
function fieldsOf(payload: unknown): Readonly<Record<string, unknown>> {
  return parseFields(payload) ?? {}
}
