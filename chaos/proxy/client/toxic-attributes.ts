import type { Toxic } from '#chaos/contracts/links.ts'
import { InputError, unknownName } from '#chaos/lib/errors.ts'

import { toxicKinds } from '../toxics/index.ts'
import { attributeSchemas, type AttributeSchema } from '../toxics/lib/toxic-kind.ts'
import type { AnyToxicKind } from '../toxics/lib/toxic-kind.ts'

/**
 * The attributes of `latency=100`, with the types of the toxic's schema. The data plane checks the values. Throws an
 * InputError for an unknown type, an unknown attribute, or a text that cannot have the attribute's type.
 */
export function parseAttributes(type: string, given: readonly string[]): Toxic['attributes'] {
  const schemas = new Map(attributeSchemas(kindOf(type)))
  return Object.fromEntries(
    given.map((text) => {
      const [, name = '', value = ''] = /^([^=]*)=(.*)$/.exec(text) ?? []
      const schema = schemas.get(name)
      if (name === '')
        throw new InputError(`"${text}" is not an attribute.`, { remedy: 'Write name=value.' })
      if (schema === undefined) throw unknownName(`attribute of ${type}`, name, [...schemas.keys()])
      return [name, valueOf(name, schema, value)]
    }),
  )
}

/** One line for each type of toxic, or the description of one type with its attributes. Generated from the schemas. */
export function toxicHelp(type?: string): string {
  if (type !== undefined) return kindHelp(kindOf(type))
  const width = Math.max(...toxicKinds.map((kind) => kind.type.length))
  return toxicKinds.map((kind) => `${kind.type.padEnd(width)}  ${kind.description}`).join('\n')
}

function valueOf(name: string, schema: AttributeSchema, text: string): number | string | boolean {
  if (schema.type === 'boolean' && (text === 'true' || text === 'false')) return text === 'true'
  if (schema.anyOf !== undefined || schema.type === 'string') return text
  const number = Number(text)
  if (schema.type !== 'boolean' && text !== '' && Number.isFinite(number)) return number
  throw new InputError(`${name}: must be ${typeWords(schema)}, got "${text}".`)
}

function kindHelp(kind: AnyToxicKind): string {
  const lines = attributeSchemas(kind).map(([name, schema]) => {
    const range = rangeWords(schema)
    const standard = schema.default === undefined ? '' : ` Default ${schema.default}.`
    return `  ${name}  ${typeWords(schema)}${range}. ${schema.description ?? ''}${standard}`
  })
  return [kind.description, ...(lines.length === 0 ? ['  No attributes.'] : lines)].join('\n')
}

function rangeWords({ minimum, maximum }: AttributeSchema): string {
  if (minimum !== undefined && maximum !== undefined) return `, ${minimum} to ${maximum}`
  return minimum === undefined ? '' : `, at least ${minimum}`
}

function typeWords(schema: AttributeSchema): string {
  if (schema.anyOf !== undefined) return `one of ${schema.anyOf.map((one) => one.const).join(', ')}`
  if (schema.type === 'boolean') return 'true or false'
  if (schema.type === 'string') return 'a string'
  return schema.type === 'integer' ? 'a whole number' : 'a number'
}

function kindOf(type: string): AnyToxicKind {
  const kind = toxicKinds.find((one) => one.type === type)
  if (kind !== undefined) return kind
  throw unknownName(
    'toxic type',
    type,
    toxicKinds.map((one) => one.type),
  )
}
