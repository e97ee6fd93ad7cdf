import { toxicKinds } from './toxics/index.ts'
import { attributeSchemas } from './toxics/lib/toxic-kind.ts'

/** The README's table of toxics, generated from their schemas. */
export function toxicsMarkdown(): string {
  const rows = toxicKinds.flatMap((kind) => {
    const attributes = attributeSchemas(kind).map(([name, schema]) => {
      const standard = schema.default === undefined ? '' : ` (${schema.default})`
      return `| | \`${name}\`${standard} | ${schema.description ?? ''} |`
    })
    return [`| **${kind.type}** | | ${kind.description} |`, ...attributes]
  })
  return ['| type | attribute (default) | |', '|---|---|---|', ...rows, ''].join('\n')
}
