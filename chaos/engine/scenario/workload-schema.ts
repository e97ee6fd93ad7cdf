import { Type } from 'typebox'
import type { Static } from 'typebox'

import { formatDuration } from '#chaos/lib/duration.ts'

import { clientDefault, quantityMaxDefault, afterStepsWaitMaxMs } from './defaults.ts'
import {
  withDefault,
  closedObject,
  durationValue,
  rateValue,
  shareValue,
} from './scenario-values.ts'

const ClientSchema = Type.Object(
  {
    attemptTimeout: Type.Optional(
      durationValue(
        withDefault('How long the client waits for one answer.', clientDefault.attemptTimeoutMs),
      ),
    ),
    deadline: Type.Optional(
      durationValue(
        withDefault(
          'How long the whole operation may take, retries included.',
          clientDefault.deadlineMs,
        ),
      ),
    ),
    retries: Type.Optional(
      Type.Integer({
        minimum: 0,
        maximum: 100,
        description: `Attempts after the first. ${clientDefault.retriesMax} when absent.`,
      }),
    ),
    backoff: Type.Optional(
      durationValue(
        withDefault(
          'Mean pause before the first retry; it doubles each time.',
          clientDefault.backoffMs,
        ),
      ),
    ),
    backoffMax: Type.Optional(
      durationValue(
        withDefault('The longest pause between two attempts.', clientDefault.backoffMaxMs),
      ),
    ),
    onlyReady: Type.Optional(
      Type.Boolean({
        description: `Sends only to instances that say they are ready. ${clientDefault.onlyReady} when absent.`,
      }),
    ),
    probeInterval: Type.Optional(
      durationValue(
        withDefault(
          'How often the balancer asks each instance whether it is ready.',
          clientDefault.probeIntervalMs,
        ),
      ),
    ),
  },
  { ...closedObject, description: 'How the client side behaves.' },
)

const HugeOrderSchema = Type.Object(
  {
    order: Type.Integer({ minimum: 1, description: 'Which order, counted from 1.' }),
    lines: Type.Integer({ minimum: 1, maximum: 5_000, description: 'How many texts it has.' }),
    alike: Type.Optional(
      Type.Boolean({
        description: 'Nearly all texts are the same, but for the first few: it is suspicious.',
      }),
    ),
  },
  { ...closedObject, description: 'An order with many texts to engrave.' },
)

/** `workload:` of a scenario file. */
export const WorkloadSchema = Type.Object(
  {
    orders: Type.Optional(rateValue('Orders placed. None when absent.')),
    browse: Type.Optional(rateValue('Products looked at. None when absent.')),
    quotes: Type.Optional(rateValue('Ways to pay asked for. None when absent.')),
    reads: Type.Optional(rateValue('Orders read again. None when absent.')),
    duration: durationValue('How long the load lasts while the faults are on.'),
    afterSteps: Type.Optional(
      durationValue(
        `The load also goes on for so long after the last step with a time was carried out: where steps count from the one before, a slow machine takes longer. At most ${formatDuration(afterStepsWaitMaxMs)} more than duration. It waits for none when absent.`,
      ),
    ),
    skus: Type.Optional(
      Type.Record(Type.String(), Type.Number({ exclusiveMinimum: 0 }), {
        minProperties: 1,
        description:
          'Which products are ordered, and how often each beside the others. Six products alike when absent.',
      }),
    ),
    hot: Type.Optional(
      Type.String({ minLength: 1, description: 'The one product that everybody wants.' }),
    ),
    quantity: Type.Optional(
      Type.Integer({
        minimum: 1,
        maximum: 1_000,
        description: `Pieces of an order, at most. ${quantityMaxDefault} when absent.`,
      }),
    ),
    uncached: Type.Optional(
      Type.Boolean({ description: 'Browsing asks for what is in no cache.' }),
    ),
    duplicates: Type.Optional(shareValue('Orders that are sent twice at once with the same key.')),
    duplicatesWithOtherBody: Type.Optional(shareValue('Of those duplicates: whose body differs.')),
    poison: Type.Optional(
      Type.Array(Type.Integer({ minimum: 1 }), {
        description: 'Which orders, counted from 1, are fatal to a careless worker.',
      }),
    ),
    huge: Type.Optional(
      Type.Array(HugeOrderSchema, {
        description: 'Which orders have many texts to engrave: much work for a risk score.',
      }),
    ),
    client: Type.Optional(ClientSchema),
  },
  { ...closedObject, description: 'What clients do. Arrivals do not wait for answers.' },
)

export type WorkloadFile = Static<typeof WorkloadSchema>
