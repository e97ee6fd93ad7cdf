import { bad } from './go-json.ts'

/** A JSON object as Go reads it into a struct: keys in any case, null as if it were not there, unknown ones ignored. */
export interface Fields {
  text(key: string): string | undefined
  number(key: string): number | undefined
  boolean(key: string): boolean | undefined
  /** Whatever is there. */
  raw(key: string): unknown
}

/** `struct` is Go's name of what is read, for messages: `Proxy`, `LatencyToxic.attributes`. */
export function readFields(value: unknown, struct: string): Fields {
  if (value !== null && (typeof value !== 'object' || Array.isArray(value)))
    throw bad(`json: cannot unmarshal ${kindOf(value)} into Go value of type toxiproxy.${struct}`)
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
  return {
    text: typed<string>('string', 'string'),
    number: typed<number>('number', 'float32'),
    boolean: typed<boolean>('boolean', 'bool'),
    raw,
  }
}

export function cannotUnmarshal(value: unknown, field: string, goType: string): string {
  return `json: cannot unmarshal ${kindOf(value)} into Go struct field ${field} of type ${goType}`
}

function kindOf(value: unknown): string {
  if (Array.isArray(value)) return 'array'
  if (typeof value === 'boolean') return 'bool'
  if (typeof value === 'number' && !Number.isInteger(value)) return `number ${value}`
  return typeof value
}
