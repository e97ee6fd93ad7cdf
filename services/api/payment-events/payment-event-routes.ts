import type { FastifyInstance } from 'fastify'

import {
  isSigned,
  parsePaymentEvent,
  signatureHeader,
} from '#services/lib/callbacks/payment-event.ts'
import type { PaymentEvent } from '#services/lib/callbacks/payment-event.ts'
import { jsonOf } from '#services/lib/parsing/parser.ts'
import { Refusal } from '#services/lib/refusal.ts'

export interface PaymentEventRoutes {
  /** Shared with payments. */
  readonly secret: string
  receive(event: PaymentEvent): Promise<void>
}

/**
 * POST /payment-events: payments calls back. The response is 204 when the event is recorded; after any other
 * response payments sends it again.
 */
export function addPaymentEventRoutes(app: FastifyInstance, shop: PaymentEventRoutes): void {
  app.register(async (scope) => {
    // The signature is over the bytes of the body, so it must arrive unparsed.
    scope.removeContentTypeParser('application/json')
    scope.addContentTypeParser('application/json', { parseAs: 'string' }, (_request, body, done) =>
      done(null, body),
    )
    scope.post<{ Body: string }>('/payment-events', async (request, reply) => {
      const signature = request.headers[signatureHeader]
      if (!isSigned(shop.secret, request.body, signature, Date.now()))
        throw new Refusal('bad-signature', 'The signature does not belong to this body.', {
          status: 401,
          definite: true,
        })
      await shop.receive(eventIn(request.body))
      return await reply.code(204).send()
    })
  })
}

function eventIn(body: string): PaymentEvent {
  const event = parsePaymentEvent(jsonOf(body))
  if (event !== undefined) return event
  throw new Refusal('bad-request', 'The body is not an event of payments.', {
    status: 400,
    definite: true,
  })
}
