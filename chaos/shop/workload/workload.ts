import type { Workload } from '#chaos/contracts/scenario.ts'
import type { RefuseKey, SystemWorkload } from '#chaos/contracts/system/workload.ts'
import { unknownName } from '#chaos/lib/errors.ts'

import type { Truth } from '../truth/truth.ts'
import { planLoad } from './plan-load.ts'
import type { ShopWorkload } from './shop-workload.ts'
import { addSpecialOrders } from './special-orders.ts'
import {
  quantityMaxDefault,
  skusDefault,
  SpecialOrdersSchema,
  workloadKeys,
  type WorkloadKeys,
} from './workload-keys.ts'

/** Without duplicates, poisonous, huge and disputed orders. */
const ordinary = {
  duplicateShare: 0,
  duplicateOtherBodyShare: 0,
  poisonOrders: [],
  hugeOrders: [],
  disputedShare: 0,
} as const

/** What the clients of the shop send. */
export const shopWorkload: SystemWorkload<ShopWorkload, Truth> = {
  plan: planLoad,
  keys: workloadKeys,
  build,
  traffic: (workload) => ({
    ...workload,
    ...ordinary,
    skus: [
      { sku: 'tea', share: 3 },
      { sku: 'coffee', share: 2 },
      { sku: 'mug', share: 1 },
    ],
    quantityMax: 2,
    browseUncached: false,
    refused: false,
    declinedShare: 0,
  }),
  // With declined orders.
  steady: (workload) => ({ ...workload, ...ordinary, declinedShare: 0.05 }),
  // One piece each of a product on whose stock no scenario counts.
  warmUp: (workload, truth) => ({
    ...workload,
    ...ordinary,
    skus: [{ sku: plentifulSku(truth) ?? workload.skus[0]?.sku ?? '', share: 1 }],
    quantityMax: 1,
    refused: false,
    declinedShare: 0,
  }),
  // Orders of unknown products would look like a failing happy path.
  check: ({ skus }, { products }) => {
    const known = products.map(({ sku }) => sku)
    const unknown = skus.find(({ sku }) => !known.includes(sku))
    if (unknown !== undefined) throw unknownName('product', unknown.sku, known)
  },
  special: { key: 'orders', schema: SpecialOrdersSchema, add: addSpecialOrders },
}

function build(
  workload: Workload,
  values: Readonly<Record<string, unknown>>,
  refuse: RefuseKey,
): ShopWorkload {
  const file = values as WorkloadKeys
  if (file.hot !== undefined && file.skus !== undefined)
    refuse('hot', 'and skus are both given', 'Remove one of them.')
  return {
    ...workload,
    skus: skusOf(file),
    quantityMax: file.quantity ?? quantityMaxDefault,
    browseUncached: file.uncached ?? false,
    ...(file.readsAmongNewest === undefined ? {} : { readsAmongNewest: file.readsAmongNewest }),
    duplicateShare: file.duplicates ?? 0,
    duplicateOtherBodyShare: file.duplicatesWithOtherBody ?? 0,
    poisonOrders: file.poison ?? [],
    hugeOrders: (file.huge ?? []).map((huge) => ({ alike: false, ...huge })),
    refused: true,
    declinedShare: file.declined ?? 0,
    disputedShare: file.disputed ?? 0,
  }
}

function skusOf({ hot, skus }: WorkloadKeys): ShopWorkload['skus'] {
  if (hot !== undefined) return [{ sku: hot, share: 1 }]
  if (skus === undefined) return skusDefault
  return Object.entries(skus).map(([sku, share]) => ({ sku, share }))
}

/** The product with the largest stock: a scenario may count on the stock of its own product. */
function plentifulSku({ products }: Truth): string | undefined {
  return products.toSorted((a, b) => b.stock - a.stock)[0]?.sku
}
