import * as fc from 'fast-check'

/** The part of JSON Schema from which values are made. */
export interface ValueSchema {
  readonly type?: string | readonly string[]
  readonly enum?: readonly unknown[]
  readonly const?: unknown
  readonly anyOf?: readonly ValueSchema[]
  readonly then?: ValueSchema
  readonly else?: ValueSchema
  readonly minimum?: number
  readonly exclusiveMinimum?: number
  readonly maximum?: number
  readonly minLength?: number
  readonly maxLength?: number
  readonly pattern?: string
  readonly items?: ValueSchema
  readonly minItems?: number
  readonly minProperties?: number
  readonly maxProperties?: number
  readonly properties?: Readonly<Record<string, ValueSchema>>
  readonly required?: readonly string[]
  readonly patternProperties?: Readonly<Record<string, ValueSchema>>
}

/** Values that match the schema. Texts with a pattern are the examples that the project's own patterns need. */
export function valuesOf(schema: ValueSchema, depth = 0): fc.Arbitrary<unknown> {
  if (schema.const !== undefined) return fc.constant(schema.const)
  if (schema.enum !== undefined) return fc.constantFrom(...schema.enum)
  if (schema.anyOf !== undefined)
    return fc.oneof(...schema.anyOf.map((one) => valuesOf(one, depth)))
  if (schema.then !== undefined && schema.else !== undefined)
    return fc.oneof(valuesOf(schema.then, depth), valuesOf(schema.else, depth))
  switch (schema.type) {
    case 'string':
      return textsOf(schema)
    case 'integer':
      return fc.integer(rangeOf(schema, 1))
    case 'number':
      return fc.double({ ...rangeOf(schema, 0.001), noNaN: true })
    case 'boolean':
      return fc.boolean()
    case 'null':
      return fc.constant(null)
    case 'array':
      return fc.array(valuesOf(schema.items ?? {}, depth + 1), {
        minLength: schema.minItems ?? 0,
        maxLength: 3,
      })
    case 'object':
      return objectsOf(schema, depth)
    default:
      return fc.constantFrom(null, 0, 'text', true)
  }
}

function textsOf({ pattern, minLength = 0, maxLength = 30 }: ValueSchema): fc.Arbitrary<string> {
  if (pattern === undefined) return fc.string({ minLength, maxLength: Math.min(maxLength, 30) })
  if (pattern.includes('(ms|s|m)')) return fc.constantFrom('250ms', '1.5s', '2m')
  if (pattern.includes('/(s|m)')) return fc.constantFrom('20/s', '30/m')
  if (pattern.startsWith('^(/')) return fc.constantFrom('/orders/:id', '*')
  return fc.constantFrom('A', 'POST', 'reconciler')
}

function rangeOf(
  { minimum, exclusiveMinimum, maximum }: ValueSchema,
  step: number,
): { min: number; max: number } {
  const lowest = minimum ?? (exclusiveMinimum ?? -1_001) + step
  // Small values: a large valid one only makes the target wait.
  return { min: lowest, max: Math.min(maximum ?? 1_000, lowest + 1_000) }
}

function objectsOf(schema: ValueSchema, depth: number): fc.Arbitrary<unknown> {
  const { properties = {}, required = [], patternProperties } = schema
  const names = Object.keys(properties)
  // An object that names exactly one of many, such as a fault.
  if (schema.minProperties === 1 && schema.maxProperties === 1 && names.length > 0)
    return fc
      .constantFrom(...names)
      .chain((name) =>
        valuesOf(properties[name] ?? {}, depth + 1).map((value) => ({ [name]: value })),
      )
  if (names.length === 0) {
    const [values] = Object.values(patternProperties ?? {})
    return fc.dictionary(fc.constantFrom('A', 'tea', 'api-1'), valuesOf(values ?? {}, depth + 1), {
      maxKeys: 2,
      minKeys: schema.minProperties ?? 0,
    })
  }
  return fc.record(
    Object.fromEntries(names.map((name) => [name, valuesOf(properties[name] ?? {}, depth + 1)])),
    { requiredKeys: [...required], noNullPrototype: true },
  )
}
