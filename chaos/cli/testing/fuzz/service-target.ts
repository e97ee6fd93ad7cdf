import type { Random } from '#chaos/lib/random.ts'

import { exchange } from './exchange.ts'
import { httpTarget, pool } from './http-target.ts'
import type { Offer } from './http-target.ts'
import { judgeService } from './judge.ts'
import type { FuzzTarget, Tried } from './run-fuzz.ts'
import type { ValueSchema } from './schema-values.ts'

const sku: ValueSchema = { enum: ['tea', 'coffee', 'mug', 'no-such-sku'] }
const order: ValueSchema = {
  type: 'object',
  required: ['sku', 'quantity', 'customer'],
  properties: {
    sku,
    quantity: { type: 'integer', minimum: 1, maximum: 3 },
    customer: { type: 'string', minLength: 1, maxLength: 20 },
    note: { type: 'string', maxLength: 500 },
    lines: { type: 'array', items: { type: 'string', maxLength: 80 } },
  },
}
const charge: ValueSchema = {
  type: 'object',
  required: ['orderId', 'customer', 'amountCents'],
  properties: {
    orderId: { type: 'string', minLength: 1, maxLength: 30 },
    customer: { type: 'string', minLength: 1, maxLength: 30 },
    amountCents: { type: 'integer', minimum: 1, maximum: 1_000 },
  },
}

const health: readonly Offer[] = [
  '/health/live',
  '/health/ready',
  '/metrics',
  '/seams',
  '/{x}',
].map((path) => ({ method: 'GET', path }))

/** One service of the shop, directly or through a link. */
export function serviceTarget(options: {
  readonly name: string
  readonly service: 'api' | 'worker' | 'payments'
  readonly port: number
  readonly seed: number
  readonly share: number
}): FuzzTarget {
  const { seed } = options
  const offers: Readonly<Record<typeof options.service, readonly Offer[]>> = {
    worker: health,
    api: [
      ...health,
      ...Array.from({ length: 4 }, () => ({
        method: 'POST',
        path: '/orders',
        body: pool(order, seed),
      })),
      {
        method: 'POST',
        path: '/quotes',
        body: pool(
          {
            ...order,
            required: ['sku', 'quantity'],
            properties: { sku, quantity: order.properties?.['quantity'] ?? {} },
          },
          seed,
        ),
      },
      { method: 'GET', path: '/products', query: [] },
      {
        method: 'GET',
        path: '/products/{sku}',
        known: ['tea'],
        query: [{ name: 'fresh', schema: {} }],
      },
      { method: 'GET', path: '/orders/{id}' },
    ],
    payments: [
      ...health,
      { method: 'POST', path: '/charges', body: pool(charge, seed) },
      {
        method: 'POST',
        path: '/refunds',
        body: pool(
          {
            type: 'object',
            required: ['chargeId', 'amountCents'],
            properties: {
              chargeId: { type: 'string', minLength: 1 },
              amountCents: { type: 'integer', minimum: 1, maximum: 9 },
            },
          },
          seed,
        ),
      },
      { method: 'GET', path: '/charges/by-key/{key}' },
      { method: 'GET', path: '/payment-methods', query: [{ name: 'amountCents', schema: {} }] },
      { method: 'GET', path: '/books/counts' },
    ],
  }
  return httpTarget({
    name: options.name,
    share: options.share,
    port: options.port,
    offers: offers[options.service],
    headers: { 'idempotency-key': `fuzz-${seed}` },
    judge: judgeService,
  })
}

/** A link that carries another protocol: any reply is good, as long as the link listens. */
export function bytesTarget(options: {
  readonly name: string
  readonly share: number
  readonly port: number
  bytes(random: Random): Buffer
}): FuzzTarget {
  return {
    name: options.name,
    share: options.share,
    tryOne: async (random): Promise<Tried> => {
      const bytes = options.bytes(random)
      const { error, ended } = await exchange(options.port, bytes, {
        waitMs: random.integer(5, 60),
        halfClose: random.next() < 0.5,
      })
      const input = bytes.subarray(0, 200).toString('latin1')
      if (error === 'ECONNREFUSED') return { outcome: error, problem: 'refuses connections', input }
      return { outcome: error ?? (ended ? 'closed' : 'open'), input }
    },
  }
}
