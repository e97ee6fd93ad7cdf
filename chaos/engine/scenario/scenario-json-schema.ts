import { createScenarioSchema } from './scenario-schema.ts'

/** The schema that validates scenario files, as text: `docs/scenario.schema.json`, for editors. */
export function scenarioJsonSchema(): string {
  const schema = { $schema: 'http://json-schema.org/draft-07/schema#', ...createScenarioSchema() }
  return `${JSON.stringify(schema, null, 2)}\n`
}
