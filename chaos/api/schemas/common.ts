import { Type } from 'typebox'
import type { TSchema } from 'typebox'

export const ApiErrorSchema = Type.Object({
  error: Type.String(),
  remedy: Type.Optional(Type.String({ description: 'What to do about it.' })),
  status: Type.Integer(),
})

export const Iso = Type.String({ description: 'ISO 8601.' })

export const OutcomeSchema = oneOf('held', 'violated', 'inconclusive')

/** An array that is only read. */
export function list<Item extends TSchema>(item: Item) {
  return Type.ReadonlyType(Type.Array(item))
}

export function nullable<Value extends TSchema>(value: Value) {
  return Type.Union([value, Type.Null()])
}

/** One of some words. */
export function oneOf<const Word extends string>(...words: readonly Word[]) {
  return Type.Enum<Word[]>([...words])
}
