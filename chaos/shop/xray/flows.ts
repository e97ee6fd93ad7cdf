import type { Ack, Flow } from '#chaos/contracts/system/flow.ts'
import type { ReceivedResponses } from '#chaos/contracts/truth.ts'

import type { Truth } from '../truth/truth.ts'
import { judgeOrderFlow, judgeReadFlow, order } from './judge-flow.ts'
import { writeForgottenOrder } from './write-forgotten-order.ts'

const { sku, quantity } = order
const placeOrder = { method: 'POST', path: '/orders', body: order } as const
const readProduct = { method: 'GET', path: `/products/${sku}` } as const
const requestQuote = { method: 'POST', path: '/quotes', body: { sku, quantity } } as const

/** What clients do in the shop, and what the shop does without one. */
export const flows = {
  'place-order': {
    description: 'Place one order; the client does not retry.',
    start: { requests: () => [placeOrder] },
    judge: judgeOrderFlow,
  },
  'retry-order': {
    description:
      'Send the same order twice with the same idempotency key, as after a lost response.',
    start: { requests: () => [placeOrder], attempts: 2 },
    judge: judgeOrderFlow,
  },
  browse: {
    description:
      'Read a product that is not in the cache; then read it again, from another instance.',
    start: { requests: () => [readProduct, readProduct] },
    readOnly: true,
    optionalLinks: ['api:redis'],
    judge: (run) => judgeReadFlow(run, 'browse'),
  },
  quote: {
    description: 'Request one quote.',
    start: { requests: () => [requestQuote] },
    readOnly: true,
    optionalLinks: ['api:payments'],
    readTruth: (reader, ack, signal) => reader.read(signal, quotesIn(ack)),
    judge: (run) => judgeReadFlow(run, 'quote'),
  },
  reconcile: {
    description:
      'A confirmed order that the queue has lost: the reconciler finds it in its next round.',
    start: {
      begin: (key, { databaseUrl }) => writeForgottenOrder(databaseUrl, key, order),
    },
    judge: judgeOrderFlow,
  },
} as const satisfies Readonly<Record<string, Flow<Truth>>>

/** The quotes that contain payment methods. */
function quotesIn({ attempts }: Ack): readonly ReceivedResponses[] {
  return [
    {
      kind: 'quote',
      attempts: attempts.filter(({ body }) => body?.['paymentMethods'] !== undefined),
    },
  ]
}
