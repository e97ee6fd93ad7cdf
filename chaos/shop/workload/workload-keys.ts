import { Type } from 'typebox'
import type { Static } from 'typebox'

import { countMax, entriesMax, nameLengthMax, timesMax } from '#chaos/contracts/max.ts'
import { closedObject, shareValue } from '#chaos/lib/values.ts'

/** Products with a large stock. */
export const skusDefault = ['tea', 'coffee', 'mug', 'teapot', 'kettle', 'grinder'].map((sku) => ({
  sku,
  share: 1,
}))

export const quantityMaxDefault = 3

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

/** Keys of a scenario's `workload:` that only the shop has. */
export const workloadKeys = {
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
  readsAmongNewest: Type.Optional(
    Type.Integer({
      minimum: 1,
      maximum: countMax,
      description:
        'Order reads request one of this many orders that were placed last. Any order when absent.',
    }),
  ),
  duplicates: Type.Optional(
    shareValue('Share of orders that are sent twice at the same time with the same key.'),
  ),
  duplicatesWithOtherBody: Type.Optional(
    shareValue('Share of those duplicates whose body differs.'),
  ),
  disputed: Type.Optional(
    shareValue(
      'Share of the orders whose charge payments refunds later. Needs the profile callbacks.',
    ),
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
}

const WorkloadKeysSchema = Type.Object(workloadKeys)

export type WorkloadKeys = Static<typeof WorkloadKeysSchema>

/** The orders that a variant of a scenario may add. */
export const SpecialOrdersSchema = Type.Pick(WorkloadKeysSchema, ['poison', 'huge'], {
  ...closedObject,
  description:
    'Special orders of this variant, as in the workload. Their numbers count from its start.',
})

export type SpecialOrders = Static<typeof SpecialOrdersSchema>
