import { Ajv } from 'ajv'
import type { ValidateFunction } from 'ajv'

/** Returns the value as what the schema describes, or undefined if it is something else. */
export type Parse<T> = (value: unknown) => T | undefined

const ajv = new Ajv({ strict: true, allowUnionTypes: true })

/**
 * Parses data that other processes have written, at the place where it enters this one. A type
 * assertion would only claim what the data is. The schema is compiled at the first use.
 */
export function createParser<T>(schema: object): Parse<T> {
  let isValid: ValidateFunction<T> | undefined
  return (value) => {
    isValid ??= ajv.compile<T>(schema)
    return isValid(value) ? value : undefined
  }
}

/** The value, or undefined if the text is not JSON. */
export function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
