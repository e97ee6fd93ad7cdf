import type { TProperties } from 'typebox'

import type { Check } from '#chaos/contracts/check.ts'

import type { ShopEvidence } from '../../evidence.ts'

/** Types a check of the shop: its name stays a literal, and `judge` receives the shop's evidence. */
export function defineCheck<const Name extends string, Params extends TProperties>(
  check: Check<Name, Params, ShopEvidence>,
): Check<Name, Params, ShopEvidence> {
  return check
}
