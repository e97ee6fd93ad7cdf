import { flowFileParts, flowFileSchema } from '#chaos/derived/file/flow-schema.ts'

import { markdownTable } from './markdown.ts'
import { propertyRows } from './property-rows.ts'
import type { Schema } from './property-rows.ts'

/** Every key of a flow file. Required keys are bold. */
export function flowFileReference(): string {
  const { request, outcome, statement } = flowFileParts
  const keys = (title: string, schema: unknown): string =>
    `### ${title}\n\n${markdownTable(['key', 'value', 'meaning'], propertyRows(schema as Schema))}`
  return [
    keys('The file', flowFileSchema),
    keys('An entry of requests', request),
    keys('success and refusal', outcome),
    keys('An entry of expect', statement),
  ].join('\n')
}
