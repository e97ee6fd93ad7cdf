import type { TProperties } from 'typebox'

import type { Fault } from '#chaos/contracts/fault.ts'

/** Gives a fault's literal its types: the schema decides what `inject` receives as `params`. */
export function defineFault<const Kind extends string, Params extends TProperties>(
  fault: Fault<Kind, Params>,
): Fault<Kind, Params> {
  return fault
}
