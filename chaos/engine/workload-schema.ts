import { Type } from 'typebox'
import type { Static } from 'typebox'

import { closed, duration, rate, share } from './scenario-values.ts'

const ClientSchema = Type.Object(
  {
    attemptTimeout: Type.Optional(duration('How long the client waits for one answer.')),
    deadline: Type.Optional(duration('How long the whole operation may take, retries included.')),
    retries: Type.Optional(
      Type.Integer({ minimum: 0, maximum: 100, description: 'Attempts after the first.' }),
    ),
    backoff: Type.Optional(duration('Mean pause before the first retry; it doubles each time.')),
    backoffMax: Type.Optional(duration('The longest pause between two attempts.')),
    onlyReady: Type.Optional(
      Type.Boolean({ description: 'Sends only to instances that say they are ready.' }),
    ),
  },
  { ...closed, description: 'How the client side behaves.' },
)

/** `workload:` of a scenario file. */
export const WorkloadSchema = Type.Object(
  {
    orders: Type.Optional(rate('Orders placed.')),
    browse: Type.Optional(rate('Products looked at.')),
    quotes: Type.Optional(rate('Ways to pay asked for.')),
    reads: Type.Optional(rate('Orders read again.')),
    duration: duration('How long the load lasts while the faults are on.'),
    skus: Type.Optional(
      Type.Record(Type.String(), Type.Number({ exclusiveMinimum: 0 }), {
        minProperties: 1,
        description: 'Which products are ordered, and how often each beside the others.',
      }),
    ),
    hot: Type.Optional(
      Type.String({ minLength: 1, description: 'The one product that everybody wants.' }),
    ),
    quantity: Type.Optional(
      Type.Integer({ minimum: 1, maximum: 1_000, description: 'Pieces of an order, at most.' }),
    ),
    uncached: Type.Optional(
      Type.Boolean({ description: 'Browsing asks for what is in no cache.' }),
    ),
    duplicates: Type.Optional(share('Orders that are sent twice at once with the same key.')),
    duplicatesWithOtherBody: Type.Optional(share('Of those duplicates: whose body differs.')),
    poison: Type.Optional(
      Type.Array(Type.Integer({ minimum: 1 }), {
        description: 'Which orders, counted from 1, are fatal to a careless worker.',
      }),
    ),
    client: Type.Optional(ClientSchema),
  },
  { ...closed, description: 'What clients do. Arrivals do not wait for answers.' },
)

export type WorkloadFile = Static<typeof WorkloadSchema>
