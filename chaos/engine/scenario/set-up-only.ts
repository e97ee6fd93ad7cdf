import type { Scenario, ShopSetup } from '#chaos/contracts/scenario.ts'

import { clientDefault } from './defaults.ts'

/** A scenario that only sets the system up: no client sends anything, no fault is injected, and nothing is judged. */
export function setUpOnly(title: string, shop: ShopSetup): Scenario {
  return {
    title,
    workload: { rates: {}, durationMs: 0, client: clientDefault },
    shop,
    method: [],
    expect: [],
    steadyStateMs: 0,
    recoveryMs: 0,
  }
}
