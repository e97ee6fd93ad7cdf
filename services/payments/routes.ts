import type { FastifyInstance, FastifyRequest } from 'fastify'

import { Refusal } from '#services/lib/refusal.ts'

import type { Books, ChargeOrder, RefundOrder } from './books.ts'
import type { Capacity } from './capacity.ts'

const text = { type: 'string', minLength: 1, maxLength: 300 }
/** Ten million in the main unit: sums stay exact. */
const centsMax = 1_000_000_000
const keyLengthMax = 300
const cents = { type: 'integer', minimum: 1, maximum: centsMax }
const digits = { type: 'string', pattern: '^[0-9]{1,10}$' }
const bodyOf = (properties: Record<string, object>) => ({
  schema: { body: { type: 'object', required: Object.keys(properties), properties } },
})

export interface PaymentsDesk {
  readonly books: Books
  readonly capacity: Capacity
  /** Called after a charge or refund is in the books. */
  readonly changed: () => void
}

/**
 * Every request, except reads of the books, takes a slot and its service time before payments looks
 * anything up: a retry costs as much as a first request. Payments completes a request even if its
 * caller has closed the connection.
 */
export function addPaymentsRoutes(
  app: FastifyInstance,
  { books, capacity, changed }: PaymentsDesk,
): void {
  app.post<{ Body: Omit<ChargeOrder, 'idempotencyKey'> }>(
    '/charges',
    bodyOf({ orderId: text, customer: text, amountCents: cents }),
    async (request, reply) => {
      const { orderId, customer, amountCents } = request.body
      const order = { orderId, customer, amountCents, idempotencyKey: keyOf(request) }
      if (!(await capacity.spend())) {
        books.turnedAway(order)
        throw overloaded()
      }
      const { charge, replayed } = books.charge(order)
      changed()
      if (replayed) reply.header('idempotent-replayed', 'true')
      return await reply.code(201).send(charge)
    },
  )

  app.get<{ Params: { key: string } }>('/charges/by-key/:key', async (request) => {
    await spendOrRefuse(capacity)
    const charge = books.findByKey(request.params.key)
    if (charge !== undefined) return charge
    throw new Refusal('unknown-charge', 'There is no charge under this key.', {
      status: 404,
      definite: true,
    })
  })

  app.post<{ Body: Omit<RefundOrder, 'idempotencyKey'> }>(
    '/refunds',
    bodyOf({ chargeId: text, amountCents: cents }),
    async (request, reply) => {
      const { chargeId, amountCents } = request.body
      const order = { chargeId, amountCents, idempotencyKey: keyOf(request) }
      await spendOrRefuse(capacity)
      const charge = books.refund(order)
      changed()
      return await reply.code(201).send(charge)
    },
  )

  app.get<{ Querystring: { amountCents?: string } }>(
    '/payment-methods',
    { schema: { querystring: { type: 'object', properties: { amountCents: digits } } } },
    async (request) => {
      await spendOrRefuse(capacity)
      const amountCents = Number(request.query.amountCents ?? 0)
      return { amountCents, methods: methodsFor(amountCents) }
    },
  )

  app.get('/books', async () => books.readAll())
  app.get<{ Querystring: { amountsCents?: string } }>('/books/payment-methods', async (request) => {
    const amounts = (request.query.amountsCents ?? '').split(',').filter((text) => text !== '')
    return { methods: Object.fromEntries(amounts.map((text) => [text, methodsFor(Number(text))])) }
  })
  app.get('/books/counts', async () => ({
    captured: books.captured(),
    ...(books.events === undefined ? {} : { events: books.events.count() }),
  }))
}

/** Takes a slot for the service time. Throws a {@link Refusal} if too many requests wait. */
export async function spendOrRefuse(capacity: Capacity): Promise<void> {
  if (!(await capacity.spend())) throw overloaded()
}

function overloaded(): Refusal {
  return new Refusal('overloaded', 'Too many requests are waiting.', {
    status: 503,
    definite: true,
    retryAfterSeconds: 1,
  })
}

function methodsFor(amountCents: number) {
  const methods = [
    { method: 'card', feeCents: Math.round(amountCents * 0.01) },
    { method: 'transfer', feeCents: 0 },
  ]
  // Credit is not available for small amounts.
  return amountCents >= 5_000 ? [...methods, { method: 'instalments', feeCents: 300 }] : methods
}

function keyOf(request: FastifyRequest): string {
  const key = request.headers['idempotency-key']
  if (typeof key === 'string' && key !== '' && key.length <= keyLengthMax) return key
  throw new Refusal('bad-request', `Idempotency-Key must have 1 to ${keyLengthMax} characters.`, {
    status: 400,
    definite: true,
  })
}
