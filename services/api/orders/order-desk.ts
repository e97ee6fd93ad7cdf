import type { Database, Transaction } from '../../lib/database.ts'
import { orderIdFor } from '../../lib/order-id.ts'
import type { OrderQueue } from '../../lib/order-queue.ts'
import type { ApiSeams, OrderDesk, Reservation, Sale } from '../seams.ts'
import type { Answer, Order, OrderRequest } from './order.ts'
import { requestHash } from './request-hash.ts'

/** Puts together what `place-order` works with, from the seams of its parts. */
export function createOrderDesk(
  database: Database,
  queue: Pick<OrderQueue, 'enqueue'>,
  seams: Pick<ApiSeams, 'claim-key' | 'reserve-stock' | 'write-order-message'>,
): OrderDesk {
  return {
    save,
    async sell(request, write) {
      const claim = { key: request.key, requestHash: requestHash(request) }
      return await seams['reserve-stock'](request, database, async (transaction, take) => {
        let order: Order | undefined
        const answer = await seams['claim-key'](claim, transaction, async () => {
          const reservation = await take()
          if (reservation === null) return await refuse(transaction, request)
          order = makeOrder(request, reservation)
          await write(transaction, order)
          return created(order)
        })
        return { answer, ...(order === undefined ? {} : { order }) } satisfies Sale
      })
    },
    outbox: {
      async write(transaction, order) {
        await transaction.query(
          `INSERT INTO outbox (topic, order_id, payload) VALUES ('orders', $1, $2)`,
          [order.id, seams['write-order-message'](order)],
        )
      },
    },
    queue: {
      enqueue: async (order) => await queue.enqueue(seams['write-order-message'](order)),
    },
  }
}

function makeOrder(request: OrderRequest, { priceCents }: NonNullable<Reservation>): Order {
  return {
    ...request,
    id: orderIdFor(request.key),
    amountCents: priceCents * request.quantity,
  }
}

async function save(transaction: Transaction, order: Order): Promise<void> {
  await transaction.query(
    `INSERT INTO orders (id, client_key, customer, sku, quantity, amount_cents, status, note, lines)
     VALUES ($1, $2, $3, $4, $5, $6, 'placed', $7, $8)`,
    [
      order.id,
      order.key,
      order.customer,
      order.sku,
      order.quantity,
      order.amountCents,
      order.note,
      JSON.stringify(order.lines),
    ],
  )
}

function created({ id, key, amountCents }: Order): Answer {
  return { status: 201, body: { orderId: id, key, status: 'placed', amountCents } }
}

/** A refusal is kept under the key as well: a retry must not be told something else. */
async function refuse(transaction: Transaction, { sku }: OrderRequest): Promise<Answer> {
  const known = await transaction.query('SELECT 1 FROM products WHERE sku = $1', [sku])
  return known.rowCount === 0
    ? refusal(404, 'unknown-sku', `There is no product ${sku}.`)
    : refusal(409, 'sold-out', `There is not enough of ${sku} left.`)
}

function refusal(status: number, error: string, message: string): Answer {
  return { status, body: { error, message, definite: true } }
}
