import { Type } from 'typebox'
import type { Static } from 'typebox'

import { countMax, entriesMax, nameLengthMax, timesMax } from '#chaos/contracts/max.ts'
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
      durationValue(withDefault('Timeout of one attempt.', clientDefault.attemptTimeoutMs)),
    ),
    deadline: Type.Optional(
      durationValue(
        withDefault('Deadline of the whole operation, retries included.', clientDefault.deadlineMs),
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
          'Mean delay before the first retry. It doubles with each retry.',
          clientDefault.backoffMs,
        ),
      ),
    ),
    backoffMax: Type.Optional(
      durationValue(
        withDefault('The longest delay between two attempts.', clientDefault.backoffMaxMs),
      ),
    ),
    onlyReady: Type.Optional(
      Type.Boolean({
        description: `Sends only to instances that are ready. ${clientDefault.onlyReady} when absent.`,
      }),
    ),
    probeInterval: Type.Optional(
      durationValue(
        withDefault(
          'Time between two readiness probes of an instance by the load balancer.',
          clientDefault.probeIntervalMs,
        ),
      ),
    ),
  },
  { ...closedObject, description: 'How the clients and their load balancer behave.' },
)

const hugeOrdersMax = 100

const HugeOrderSchema = Type.Object(
  {
    order: Type.Integer({
      minimum: 1,
      maximum: countMax,
      description: 'Number of the order, from 1.',
    }),
    lines: Type.Integer({ minimum: 1, maximum: 5_000, description: 'Number of texts.' }),
    alike: Type.Optional(
      Type.Boolean({
        description: 'All texts except a few are the same, which makes the order suspicious.',
      }),
    ),
    different: Type.Optional(
      Type.Enum(['first', 'last', 'spread'], {
        description: 'Where the few different texts of an order with alike are. first when absent.',
      }),
    ),
    alikeShare: Type.Optional(
      Type.Number({
        minimum: 0,
        maximum: 0.9,
        description:
          'Without alike: this share of the texts is the same, spread over the order. Not enough to make it suspicious.',
      }),
    ),
  },
  { ...closedObject, description: 'An order with many texts to engrave.' },
)

/** `workload:` of a scenario file. */
export const WorkloadSchema = Type.Object(
  {
    orders: Type.Optional(rateValue('Rate of orders. None when absent.')),
    browse: Type.Optional(rateValue('Rate of browse requests. None when absent.')),
    quotes: Type.Optional(rateValue('Rate of quote requests. None when absent.')),
    reads: Type.Optional(rateValue('Rate of requests that read an order. None when absent.')),
    duration: durationValue('How long the load with faults lasts.'),
    afterSteps: Type.Optional(
      durationValue(
        `The load continues for at least this long after the last timed step. Use it with steps that count from the previous step: on a slow machine they come later. It adds at most ${formatDuration(afterStepsWaitMaxMs)} to duration. When absent, the load does not wait for steps.`,
      ),
    ),
    skus: Type.Optional(
      Type.Record(Type.String(), Type.Number({ exclusiveMinimum: 0, maximum: timesMax }), {
        minProperties: 1,
        maxProperties: entriesMax,
        description:
          'The products that are ordered, with their relative shares. Six products with equal shares when absent.',
      }),
    ),
    hot: Type.Optional(
      Type.String({
        minLength: 1,
        maxLength: nameLengthMax,
        description: 'The only product that is ordered.',
      }),
    ),
    quantity: Type.Optional(
      Type.Integer({
        minimum: 1,
        maximum: 1_000,
        description: `The largest quantity of an order. ${quantityMaxDefault} when absent.`,
      }),
    ),
    uncached: Type.Optional(
      Type.Boolean({ description: 'Browse requests ask for products that are in no cache.' }),
    ),
    duplicates: Type.Optional(
      shareValue('Share of orders that are sent twice at the same time with the same key.'),
    ),
    duplicatesWithOtherBody: Type.Optional(
      shareValue('Share of those duplicates whose body differs.'),
    ),
    declined: Type.Optional(
      shareValue(
        'Orders in addition whose charge payments declines, as a share of the orders. None when absent.',
      ),
    ),
    poison: Type.Optional(
      Type.Array(Type.Integer({ minimum: 1, maximum: countMax }), {
        maxItems: entriesMax,
        description: 'Numbers of orders, from 1, that crash a worker that does not handle them.',
      }),
    ),
    huge: Type.Optional(
      Type.Array(HugeOrderSchema, {
        maxItems: hugeOrdersMax,
        description: 'Orders with many texts to engrave, which make the risk score slow.',
      }),
    ),
    client: Type.Optional(ClientSchema),
  },
  { ...closedObject, description: 'The load. Arrivals do not wait for responses.' },
)

export type WorkloadFile = Static<typeof WorkloadSchema>
