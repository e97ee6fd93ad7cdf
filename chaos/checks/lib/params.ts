import { Type } from 'typebox'
import type { TObject, TProperties } from 'typebox'

/** The parameters of a check. An unknown key is an error. */
export function checkParams<Params extends TProperties>(params: Params): TObject<Params> {
  return Type.Object(params, { additionalProperties: false })
}

/** For checks without parameters. */
export const noParams = checkParams({})
