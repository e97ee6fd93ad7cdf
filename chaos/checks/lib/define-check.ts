import type { TProperties } from 'typebox'

import type { Check } from '#chaos/contracts/check.ts'

/** Gives the types to a check's literal: the name stays exact, and `judge` sees its own parameters. */
export function defineCheck<const Name extends string, Params extends TProperties>(
  check: Check<Name, Params>,
): Check<Name, Params> {
  return check
}
