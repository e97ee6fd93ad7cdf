import type { Scenario } from '#chaos/contracts/scenario.ts'
import type { System } from '#chaos/contracts/system.ts'

import { buildScenario } from './build-scenario.ts'
import { findProblem } from './find-problem.ts'
import { createScenarioErrors } from './scenario-errors.ts'
import { scenarioLanguage } from './scenario-schema.ts'
import type { ScenarioFile } from './scenario-schema.ts'
import { readScenarioText } from './scenario-text.ts'

export interface ParseOptions {
  /** The system that the scenario breaks. */
  readonly system: System
  /** Name of the file, for error messages. */
  readonly file: string
}

/** Parses the text of a scenario file. Throws an {@link InputError} with file, line, path, value and remedy for the first error. */
export function parseScenario(text: string, options: ParseOptions): Scenario {
  const { file, system } = options
  const read = readScenarioText(text, file)
  const errors = createScenarioErrors(file, read)
  const { schema, words } = scenarioLanguage(system)
  const problem = findProblem(schema, read.value)
  if (problem !== null) throw errors.problem(problem)
  return buildScenario(read.value as ScenarioFile, { system, words, errors })
}
