import type { Static, TSchema } from 'typebox'

/**
 * Gives the schema back, and fails to compile when a value of the contract's type would not satisfy it: the document that
 * we publish cannot promise more than the contract does.
 */
// oxlint-disable-next-line typescript/no-unnecessary-type-parameters -- it is the argument
export function contractSchema<Contract>() {
  return <Schema extends TSchema>(
    schema: Contract extends Static<Schema> ? Schema : never,
  ): Schema => schema
}
