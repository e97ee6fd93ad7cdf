import type { FastifyInstance } from 'fastify'

import { storable } from '#services/lib/storable-text.ts'

import type { QuoteDesk, QuoteOrder, QuoteRequest } from '../seams.ts'

const quoteBody = {
  type: 'object',
  required: ['sku', 'quantity'],
  additionalProperties: false,
  properties: {
    sku: storable(64),
    quantity: { type: 'integer', minimum: 1, maximum: 1_000 },
  },
}

/** POST /quotes. */
export function addQuoteRoutes(
  app: FastifyInstance,
  shop: { readonly quoteOrder: QuoteOrder; readonly desk: QuoteDesk },
): void {
  app.post<{ Body: QuoteRequest }>(
    '/quotes',
    { schema: { body: quoteBody } },
    async (request) => await shop.quoteOrder(request.body, shop.desk),
  )
}
