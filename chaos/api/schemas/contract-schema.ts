import { Type } from 'typebox'
import type { Static, TSchema } from 'typebox'

import { nameLengthMax } from '#chaos/contracts/max.ts'

/**
 * Returns the schema. Does not compile when a value of the contract's type would not match the schema: the OpenAPI
 * document then promises something that the contract does not.
 */
// oxlint-disable-next-line typescript/no-unnecessary-type-parameters -- the caller passes it
export function contractSchema<Contract>() {
  return <Schema extends TSchema>(
    schema: Contract extends Static<Schema> ? Schema : never,
  ): Schema => schema
}

/** An array that is only read. */
export function list<Item extends TSchema>(item: Item) {
  return Type.ReadonlyType(Type.Array(item))
}

export function nullable<Value extends TSchema>(value: Value) {
  return Type.Union([value, Type.Null()])
}

/** One of these words. */
export function oneOf<const Word extends string>(...words: readonly Word[]) {
  return Type.Enum<Word[]>([...words])
}

/** A name, an id, a word or a pattern that a request gives. */
export const Name = Type.String({ maxLength: nameLengthMax })

export const Iso = Type.String({ description: 'Time in ISO 8601.' })

export const OutcomeSchema = oneOf('held', 'violated', 'inconclusive')

export const ApiErrorSchema = Type.Object({
  error: Type.String({ description: 'What happened, with the value.' }),
  remedy: Type.Optional(Type.String({ description: 'What to do.' })),
  status: Type.Integer({ description: 'HTTP status.' }),
  details: Type.Optional(
    Type.Record(Type.String(), Type.Unknown(), { description: 'Data for programs.' }),
  ),
})
