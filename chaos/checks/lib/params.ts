import { Type } from 'typebox'
import type { TObject, TProperties } from 'typebox'

/** Parameters of a check: a key that is none of them is a mistake. */
export function checkParams<Params extends TProperties>(params: Params): TObject<Params> {
  return Type.Object(params, { additionalProperties: false })
}

/** For checks that have nothing to choose. */
export const noParams = checkParams({})
