import type { TProperties } from 'typebox'

import type { Check } from '#chaos/contracts/check.ts'

/** Types a check: its name stays a literal, and `judge` receives the types of its parameters. */
export function defineCheck<const Name extends string, Params extends TProperties>(
  check: Check<Name, Params>,
): Check<Name, Params> {
  return check
}
