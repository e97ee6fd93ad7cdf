import { toxicKinds } from './toxics/index.ts'
import { type AttributeSchema, attributeSchemas } from './toxics/lib/toxic-kind.ts'

/** The README's table of toxics, generated from their schemas. */
export function toxicsMarkdown(): string {
  const rows = toxicKinds.flatMap((kind) => {
    const attributes = attributeSchemas(kind).map(([name, schema]) => {
      const standard = schema.default === undefined ? '' : ` (${schema.default})`
      return `| | \`${name}\`${standard} | ${valueWords(schema)} | ${schema.description ?? ''} |`
    })
    return [`| **${kind.type}** | | | ${kind.description} |`, ...attributes]
  })
  return ['| type | attribute (default) | value | |', '|---|---|---|---|', ...rows, ''].join('\n')
}

function valueWords({ type, minimum, maximum, maxLength, anyOf }: AttributeSchema): string {
  if (anyOf !== undefined) return anyOf.map((one) => `\`${one.const}\``).join(', ')
  if (type === 'boolean') return '`true`, `false`'
  if (type === 'string') return `text, at most ${maxLength} characters`
  const most = maximum === Number.MAX_SAFE_INTEGER ? '2^53 - 1' : String(maximum)
  return `${type === 'integer' ? 'a whole number' : 'a number'}, ${minimum} to ${most}`
}
