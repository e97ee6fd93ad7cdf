import type { Database } from '#services/lib/database.ts'
import { orderIdFor } from '#services/lib/order-id.ts'
import type { OrderQueue } from '#services/lib/order-queue.ts'
import { Refusal } from '#services/lib/refusal.ts'
import { messageSpan } from '#services/lib/telemetry/message-span.ts'
import { noTelemetry } from '#services/lib/telemetry/telemetry.ts'
import type { Telemetry } from '#services/lib/telemetry/telemetry.ts'
import { withTraceparent } from '#services/lib/telemetry/traceparent.ts'
import { inTransaction } from '#services/lib/transaction.ts'

import { findProduct } from '../products/find-product.ts'
import type { ApiSeams, CommitDesk, OrderDesk, Sale, WriteOrder } from '../seams.ts'
import { commitWith } from './commit-with.ts'
import type { Answer, Order, OrderRequest } from './order.ts'
import { requestHash } from './request-hash.ts'
import { saveOrder } from './save-order.ts'

type Seams = Pick<ApiSeams, 'claim-key' | 'commit-order' | 'reserve-stock' | 'write-order-message'>

/** Builds what `place-order` works with, from the seams of its parts. */
export function createOrderDesk(
  database: Database,
  queue: Pick<OrderQueue, 'enqueue'>,
  seams: Seams,
  commitDesk: CommitDesk,
  telemetry: Telemetry = noTelemetry,
): OrderDesk {
  const orders = commitWith(
    database,
    async (transaction) => await seams['commit-order'](transaction, commitDesk),
  )
  return {
    save: saveOrder,
    async sell(request, write) {
      try {
        return await sell(orders, seams, request, write)
      } catch (error) {
        if (!(error instanceof Refusal) || error.code !== 'sold-out') throw error
        return { answer: await refuse(database, seams, request, error) }
      }
    },
    outbox: {
      async write(transaction, order) {
        await telemetry.inSpan(
          () => messageSpan('write outbox', order.id),
          async () => {
            const message = withTraceparent(seams['write-order-message'](order), telemetry)
            await transaction.query(
              `INSERT INTO outbox (topic, order_id, payload) VALUES ('orders', $1, $2)`,
              [order.id, message],
            )
          },
        )
      },
    },
    queue: {
      enqueue: async (order) => await queue.enqueue(seams['write-order-message'](order)),
    },
  }
}

async function sell(
  database: Database,
  seams: Seams,
  request: OrderRequest,
  write: WriteOrder,
): Promise<Sale> {
  return await seams['reserve-stock'](request, database, async (transaction, take) => {
    const { priceCents } = await findProduct(transaction, request.sku)
    const order = makeOrder(request, priceCents)
    const claim = { key: request.key, requestHash: requestHash(request), answer: created(order) }
    const earlier = await seams['claim-key'](claim, transaction)
    if (earlier !== undefined) return { answer: earlier }
    await write(transaction, order)
    // Last: from here to the end of the transaction, the lock on this product blocks every other
    // order for it.
    if (!(await take()))
      throw new Refusal('sold-out', `There is not enough of ${request.sku} left.`, {
        status: 409,
        definite: true,
      })
    return { answer: claim.answer, order }
  })
}

function makeOrder(request: OrderRequest, priceCents: number): Order {
  return { ...request, id: orderIdFor(request.key), amountCents: priceCents * request.quantity }
}

function created({ id, key, amountCents }: Order): Answer {
  return { status: 201, body: { orderId: id, key, status: 'placed', amountCents } }
}

/** Stores a refusal under the key as well: a retry must receive the same response. */
async function refuse(
  database: Database,
  seams: Seams,
  request: OrderRequest,
  { status, code, message, definite }: Refusal,
): Promise<Answer> {
  const answer = { status, body: { error: code, message, definite } }
  const claim = { key: request.key, requestHash: requestHash(request), answer }
  const earlier = await inTransaction(
    database,
    async (transaction) => await seams['claim-key'](claim, transaction),
  )
  return earlier ?? answer
}
