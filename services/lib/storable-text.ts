/**
 * Pattern of a text that Postgres can store. It stores no NUL and no half of a surrogate pair: a
 * statement with one fails.
 */
export const storableText = '^[^\\u0000\\ud800-\\udfff]*$'

/** Schema of a text of a request. */
export function storable(maxLength: number) {
  return { type: 'string', minLength: 1, maxLength, pattern: storableText }
}
