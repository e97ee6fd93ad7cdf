import type { FastifyInstance } from 'fastify'

import type { QuoteDesk, QuoteOrder, QuoteRequest } from '../seams.ts'

const quoteBody = {
  type: 'object',
  required: ['sku', 'quantity'],
  additionalProperties: false,
  properties: {
    sku: { type: 'string', minLength: 1, maxLength: 64 },
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
