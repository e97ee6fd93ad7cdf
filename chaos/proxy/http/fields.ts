import { excerpt } from '#chaos/lib/excerpt.ts'

import { DataPlaneError } from '../plane/data-plane-error.ts'
import { bad, type Complaint } from './go-json.ts'

/** Characters of a text. Toxiproxy has no bound. */
export const fieldLengthMax = 1_000

/** A JSON object as Go reads it into a struct: keys in any case, null means absent, unknown keys are ignored. */
export interface Fields {
  text(key: string): string | undefined
  number(key: string): number | undefined
  boolean(key: string): boolean | undefined
  /** The value, whatever its type. */
  raw(key: string): unknown
}

/** `struct` is Go's name of the struct, for error texts: `Proxy`, `LatencyToxic.attributes`. */
export function readFields(value: unknown, struct: string): Fields {
  if (value !== null && (typeof value !== 'object' || Array.isArray(value)))
    throw bad({
      go: `json: cannot unmarshal ${kindOf(value)} into Go value of type toxiproxy.${struct}`,
      plain: `${pathOf(struct)}must be an object, got ${excerpt(value)}`,
    })
  const entries = Object.entries(value ?? {})
  const raw = (key: string): unknown =>
    entries.findLast(([name]) => name.toLowerCase() === key.toLowerCase())?.[1] ?? undefined
  const typed =
    <T>(type: string, goType: string) =>
    (key: string): T | undefined => {
      const found = raw(key)
      if (found === undefined || typeof found === type) return found as T | undefined
      throw bad(cannotUnmarshal(found, `${struct}.${key}`, goType))
    }
  const anyText = typed<string>('string', 'string')
  return {
    text: (key) => {
      const found = anyText(key)
      if (found === undefined || found.length <= fieldLengthMax) return found
      throw new DataPlaneError(
        400,
        `${key}: must have at most ${fieldLengthMax} characters, got ${found.length}`,
      )
    },
    number: typed<number>('number', 'float32'),
    boolean: typed<boolean>('boolean', 'bool'),
    raw,
  }
}

/** `field` begins with Go's name of a struct, as `Proxy.enabled`. */
export function cannotUnmarshal(value: unknown, field: string, goType: string): Complaint {
  const wanted = plainTypes[goType] ?? goType
  return {
    go: `json: cannot unmarshal ${kindOf(value)} into Go struct field ${field} of type ${goType}`,
    plain: `${pathOf(field)}must be ${wanted}, got ${excerpt(value)}`,
  }
}

const plainTypes: Readonly<Record<string, string>> = {
  string: 'a string',
  float32: 'a number',
  float64: 'a number',
  int64: 'a whole number',
  bool: 'true or false',
}

/** `attributes.latency: ` of `LatencyToxic.attributes.latency`; nothing of `Proxy`. */
function pathOf(field: string): string {
  const path = field.split('.').slice(1).join('.')
  return path === '' ? '' : `${path}: `
}

/** Go's word for the type of a JSON value. */
export function kindOf(value: unknown): string {
  if (Array.isArray(value)) return 'array'
  if (typeof value === 'boolean') return 'bool'
  if (typeof value === 'number' && !Number.isInteger(value)) return `number ${value}`
  return typeof value
}
