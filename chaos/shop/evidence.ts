import type { Evidence, RunFacts } from '#chaos/contracts/check.ts'

import type { ShopOperation } from './operation.ts'
import type { Truth } from './truth/truth.ts'

/** The evidence of a run with the shop. */
export type ShopEvidence = Evidence<Truth, ShopOperation>

/** What a run with the shop recorded and read. */
export type ShopRun = RunFacts<Truth, ShopOperation>
