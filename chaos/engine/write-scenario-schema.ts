import { writeFile } from 'node:fs/promises'

import { scenarioJsonSchema, scenarioSchemaFile } from './scenario-json-schema.ts'

// Writes what editors complete scenario files from: `node chaos/engine/write-scenario-schema.ts`.
await writeFile(scenarioSchemaFile, scenarioJsonSchema())
