import { cannotUnmarshal, readFields } from '../../http/fields.ts'
import { bad } from '../../http/go-json.ts'
import type { Attributes } from '../../plane/applied-toxic.ts'
import { DataPlaneError } from '../../plane/data-plane-error.ts'
import type { AnyToxicKind } from './toxic-kind.ts'

/** What an attribute's schema says, as far as toxics use it. */
export interface AttributeSchema {
  readonly type?: 'integer' | 'number' | 'boolean' | 'string'
  readonly anyOf?: readonly { readonly const: string }[]
  readonly default?: number | string | boolean
  readonly minimum?: number
  readonly maximum?: number
  readonly description?: string
}

export function attributeSchemas(kind: AnyToxicKind): [string, AttributeSchema][] {
  return Object.entries(kind.attributes.properties as Record<string, AttributeSchema>)
}

/** Merges what a request gives into what is there (defaults at first); throws an {@link DataPlaneError} (400). */
export function mergeAttributes(
  kind: AnyToxicKind,
  given: unknown,
  before?: Attributes,
): Attributes {
  const struct = `${goName(kind.type)}.attributes`
  const fields = readFields(given ?? null, struct)
  const merged: Attributes = {}
  for (const [name, schema] of attributeSchemas(kind)) {
    const value = fields.raw(name) ?? before?.[name] ?? schema.default ?? 0
    merged[name] = checked(value, schema, `${struct}.${name}`, name)
  }
  const wrong = kind.check?.(merged)
  if (wrong !== undefined) throw new DataPlaneError(400, `attributes: ${wrong}`)
  return merged
}

function checked(
  value: unknown,
  schema: AttributeSchema,
  field: string,
  name: string,
): Attributes[string] {
  if (schema.anyOf !== undefined)
    return oneOf(
      value,
      schema.anyOf.map((one) => one.const),
      name,
    )
  if (schema.type === 'boolean') {
    if (typeof value !== 'boolean') throw bad(cannotUnmarshal(value, field, 'bool'))
    return value
  }
  if (schema.type === 'string') {
    if (typeof value !== 'string') throw bad(cannotUnmarshal(value, field, 'string'))
    return value
  }
  const goType = schema.type === 'integer' ? 'int64' : 'float64'
  if (typeof value !== 'number' || (schema.type === 'integer' && !Number.isSafeInteger(value)))
    throw bad(cannotUnmarshal(value, field, goType))
  const { minimum = -Infinity, maximum = Infinity } = schema
  if (value < minimum || value > maximum) {
    const bound = value < minimum ? `at least ${minimum}` : `at most ${maximum}`
    throw new DataPlaneError(400, `attributes.${name}: must be ${bound}, got ${value}`)
  }
  return value
}

function oneOf(value: unknown, known: readonly string[], name: string): string {
  if (typeof value === 'string' && known.includes(value)) return value
  const got = JSON.stringify(value)
  throw new DataPlaneError(
    400,
    `attributes.${name}: must be one of ${known.join(', ')}, got ${got}`,
  )
}

/** `limit_data` is `LimitDataToxic` in Toxiproxy's messages. */
function goName(type: string): string {
  return `${type.replaceAll(/(?:^|_)(\w)/g, (_, letter: string) => letter.toUpperCase())}Toxic`
}
