import { bodySchemas } from '#chaos/proxy/http/body-schemas.ts'

import { markdownTable } from './markdown.ts'
import { propertyRows } from './property-rows.ts'
import type { Schema } from './property-rows.ts'

/** The fields of the data plane's API, one table per request with a body. */
export function linksApiReference(): string {
  return Object.entries(bodySchemas)
    .map(([request, body]) => {
      const schema = body as Schema
      const about =
        schema.maxItems === undefined
          ? ''
          : `A list of proxies, at most ${schema.maxItems}, or an object with such a list in \`proxies\`.\n`
      const rows = propertyRows(schema)
      return [
        `\`${request}\`\n`,
        about === '' ? markdownTable(['field', 'value', 'meaning'], rows) : about,
      ].join('\n')
    })
    .join('\n')
}
