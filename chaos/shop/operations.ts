import type { CheckedSystem } from '#chaos/checks/lib/checked-system.ts'
import type { OperationDefinition } from '#chaos/contracts/system.ts'
import type { RateName } from '#chaos/contracts/system/system-page.ts'

import { formatCents } from './checks/lib/cents.ts'
import type { ShopOperation, ShopOperationKind } from './operation.ts'

/** What clients of the shop can do. */
export const operations = [
  {
    kind: 'place-order',
    noun: 'order',
    rate: 'orders',
    changes: true,
    describe: (operation: ShopOperation) => `order ${operation.key} (${quantityOf(operation)})`,
    describeResult: ({ orderId, key, answer, amountCents }: ShopOperation) => {
      const amount = amountCents === undefined ? '' : `, amount ${formatCents(amountCents)}`
      return `order ${orderId ?? key} is ${answer ?? 'accepted'}${amount}`
    },
  },
  {
    kind: 'browse',
    noun: 'browse request',
    describe: ({ sku }: ShopOperation) => `product ${sku}`,
  },
  {
    kind: 'quote',
    noun: 'quote request',
    rate: 'quotes',
    answers: ['complete', 'incomplete'],
    describe: (operation: ShopOperation) => `a quote for ${quantityOf(operation)}`,
  },
  {
    kind: 'read-order',
    noun: 'order read',
    rate: 'reads',
    rated: 'requests that read an order',
    trafficRate: 'readOrdersPerSecond',
    describe: ({ orderId }: ShopOperation) => `order ${orderId}`,
  },
] as const satisfies readonly (OperationDefinition & { readonly kind: ShopOperationKind })[]

type RateOf<Definition> = Definition extends { readonly trafficRate: infer Name extends RateName }
  ? Name
  : Definition extends { readonly rate: infer Key extends string }
    ? `${Key}PerSecond`
    : Definition extends { readonly kind: infer Kind extends string }
      ? `${Kind}PerSecond`
      : never

/** What the shop's API requires as traffic: the rate of every operation, per second. */
export type ShopTrafficRates = Readonly<Record<RateOf<(typeof operations)[number]>, number>>

function quantityOf({ quantity, sku }: ShopOperation): string {
  return `${quantity ?? 1} x ${sku ?? 'unknown product'}`
}

/** The shop in the sentences of the general checks and of stories. */
export const shopInChecks: CheckedSystem = {
  name: 'shop',
  operations,
  refusals: 'sold out, key used for another order',
}
