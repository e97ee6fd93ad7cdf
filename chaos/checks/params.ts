import { Type } from 'typebox'

/** For checks that have nothing to choose. */
export const noParams = Type.Object({})
