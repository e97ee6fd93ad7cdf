import type { FastifyInstance, FastifyRequest } from 'fastify'

import { clientKeyPattern, generateClientKey } from '#services/lib/order-id.ts'
import { Refusal } from '#services/lib/refusal.ts'
import { storable, storableText } from '#services/lib/storable-text.ts'

import type { Door, OrderDesk, OrderReadDesk, PlaceOrder, ReadOrder } from '../seams.ts'
import type { OrderRequest } from './order.ts'
import { currentPosition, positionHeader } from './position.ts'

interface OrderBody extends Pick<OrderRequest, 'sku' | 'quantity' | 'customer'> {
  readonly note?: string
  readonly lines?: readonly string[]
}

const orderBody = {
  type: 'object',
  required: ['sku', 'quantity', 'customer'],
  additionalProperties: false,
  properties: {
    sku: storable(64),
    quantity: { type: 'integer', minimum: 1, maximum: 1_000 },
    customer: storable(200),
    // Any text that Postgres can store. The label printer in the worker may still reject it.
    note: { type: 'string', maxLength: 500, pattern: storableText },
    lines: {
      type: 'array',
      maxItems: 5_000,
      items: { type: 'string', maxLength: 80, pattern: storableText },
    },
  },
}

export interface OrderRoutes {
  readonly door: Door
  readonly desk: OrderDesk
  readonly placeOrder: PlaceOrder
  readonly readDesk: OrderReadDesk
  readonly readOrder: ReadOrder
}

/** POST /orders and GET /orders/:id. */
export function addOrderRoutes(app: FastifyInstance, shop: OrderRoutes): void {
  app.post<{ Body: OrderBody }>(
    '/orders',
    { schema: { body: orderBody } },
    async (request, reply) => {
      const order = toOrderRequest(request.body, keyOf(request))
      const answer = await shop.door.enter(async () => await shop.placeOrder(order, shop.desk))
      const position = answer.status === 201 ? await positionAfter(shop.readDesk) : undefined
      if (position !== undefined) reply.header(positionHeader, position)
      return await reply.code(answer.status).send(answer.body)
    },
  )

  app.get<{ Params: { id: string } }>(
    '/orders/:id',
    { schema: { params: { type: 'object', properties: { id: storable(200) } } } },
    async (request, reply) => {
      const { order, position } = await shop.readOrder(
        { orderId: request.params.id, position: positionOf(request) },
        shop.readDesk,
      )
      if (position !== undefined) reply.header(positionHeader, position)
      return order
    },
  )
}

/** What a read of this order must include. Undefined: there is no replica, or the primary does not respond any more. */
async function positionAfter({
  primary,
  replica,
  log,
}: OrderReadDesk): Promise<string | undefined> {
  if (replica === undefined) return undefined
  try {
    return await currentPosition(primary)
  } catch (error) {
    // The order is committed. Without a position its customer reads the replica, or the primary if the order is missing there.
    log.warn({ err: error }, 'no position for an order')
    return undefined
  }
}

function positionOf(request: FastifyRequest): string | undefined {
  const position = request.headers[positionHeader]
  return typeof position === 'string' ? position : undefined
}

function toOrderRequest(body: OrderBody, key: string): OrderRequest {
  const { sku, quantity, customer, note = null, lines = [] } = body
  return { key, sku, quantity, customer, note, lines }
}

function keyOf(request: FastifyRequest): string {
  const key = request.headers['idempotency-key']
  if (key === undefined) return generateClientKey()
  if (typeof key === 'string' && new RegExp(clientKeyPattern).test(key)) return key
  throw new Refusal('bad-request', `Idempotency-Key must match ${clientKeyPattern}.`, {
    status: 400,
    definite: true,
  })
}
