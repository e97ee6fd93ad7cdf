import type { ShopWorkload } from '../shop-workload.ts'

/** Settings of a test's workload. Rates are per second. */
export interface TestWorkload extends Partial<Omit<ShopWorkload, 'rates'>> {
  readonly ordersPerSecond?: number
  readonly browsePerSecond?: number
  readonly quotesPerSecond?: number
  readonly readOrdersPerSecond?: number
}

/** A small workload for tests. A test gives the settings that matter to it. */
export function testWorkload(over: TestWorkload = {}): ShopWorkload {
  const {
    ordersPerSecond = 0,
    browsePerSecond = 0,
    quotesPerSecond = 0,
    readOrdersPerSecond = 0,
    ...rest
  } = over
  return {
    rates: {
      'place-order': ordersPerSecond,
      browse: browsePerSecond,
      quote: quotesPerSecond,
      'read-order': readOrdersPerSecond,
    },
    durationMs: 1_000,
    skus: [{ sku: 'tea', share: 1 }],
    quantityMax: 3,
    browseUncached: false,
    duplicateShare: 0,
    duplicateOtherBodyShare: 0,
    poisonOrders: [],
    hugeOrders: [],
    refused: false,
    declinedShare: 0,
    disputedShare: 0,
    client: {
      attemptTimeoutMs: 500,
      deadlineMs: 2_000,
      retriesMax: 3,
      backoffMs: 10,
      backoffMaxMs: 50,
      onlyReady: true,
      probeIntervalMs: 150,
    },
    ...rest,
  }
}
