import { fileURLToPath } from 'node:url'

import { createScenarioSchema } from './scenario-schema.ts'

/** Where the JSON Schema for editors lies; scenario files point to it in their first line. */
export const scenarioSchemaFile = fileURLToPath(
  new URL('../../docs/scenario.schema.json', import.meta.url),
)

/** The schema that validates scenario files, as text. */
export function scenarioJsonSchema(): string {
  const schema = { $schema: 'http://json-schema.org/draft-07/schema#', ...createScenarioSchema() }
  return `${JSON.stringify(schema, null, 2)}\n`
}
