/** The part of a JSON Schema that the documentation shows. */
export interface Schema {
  readonly type?: string
  readonly description?: string
  readonly enum?: readonly string[]
  readonly minimum?: number
  readonly exclusiveMinimum?: number
  readonly maximum?: number
  readonly minItems?: number
  readonly maxItems?: number
  readonly maxLength?: number
  readonly maxProperties?: number
  readonly durationAtMost?: string
  readonly rateAtMost?: string
  readonly wanted?: string
  readonly items?: Schema
  readonly properties?: Readonly<Record<string, Schema>>
  readonly patternProperties?: Readonly<Record<string, Schema>>
  readonly required?: readonly string[]
}

/** The allowed value in words: `a whole number, 0 to 600000`. */
function valueWords(schema: Schema): string {
  if (schema.enum !== undefined) return schema.enum.map((word) => `\`${word}\``).join(', ')
  if (schema.wanted !== undefined)
    return schema.wanted.replace(/^(a duration|a rate) .*/, '$1') + atMostWords(schema)
  const range = rangeWords(schema)
  switch (schema.type) {
    case 'integer':
      return `a whole number${range}`
    case 'number':
      return `a number${range}`
    case 'boolean':
      return '`true`, `false`'
    case 'array':
      return schema.maxItems === undefined ? 'a list' : `a list, at most ${schema.maxItems} entries`
    case 'object':
      return schema.maxProperties === undefined
        ? 'names and values'
        : `names and values, at most ${schema.maxProperties}`
    default:
      return schema.maxLength === undefined
        ? 'text'
        : `text, at most ${schema.maxLength} characters`
  }
}

function rangeWords({ minimum, exclusiveMinimum, maximum }: Schema): string {
  if (minimum !== undefined && maximum !== undefined) return `, ${minimum} to ${maximum}`
  if (minimum !== undefined) return `, ${minimum} or more`
  if (exclusiveMinimum !== undefined && maximum !== undefined)
    return `, above ${exclusiveMinimum}, at most ${maximum}`
  if (exclusiveMinimum !== undefined) return `, above ${exclusiveMinimum}`
  return maximum === undefined ? '' : `, at most ${maximum}`
}

function atMostWords({ durationAtMost, rateAtMost }: Schema): string {
  const most = durationAtMost ?? rateAtMost
  return most === undefined ? '' : `, at most ${most}`
}

/** A row for each key of an object: key, value, meaning. Required keys are bold. */
export function propertyRows(schema: Schema): string[][] {
  return Object.entries(schema.properties ?? {}).map(([name, property]) => [
    schema.required?.includes(name) === true ? `**\`${name}\`**` : `\`${name}\``,
    valueWords(property),
    property.description ?? '',
  ])
}
