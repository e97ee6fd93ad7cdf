import type { Scenario } from '#chaos/contracts/scenario.ts'

import { buildScenario } from './build-scenario.ts'
import { findProblem } from './find-problem.ts'
import { createScenarioErrors } from './scenario-errors.ts'
import { createScenarioSchema, vocabulary } from './scenario-schema.ts'
import type { ScenarioFile, Vocabulary } from './scenario-schema.ts'
import { readScenarioText } from './scenario-text.ts'

export interface ParseOptions {
  /** Where the text came from, for messages. */
  readonly file: string
  /** Faults and checks that it may name; absent: all there are. */
  readonly words?: Vocabulary
}

const scenarioSchema = createScenarioSchema()

/** Reads a scenario file. Throws one {@link InputError} that names file, line, path, value and remedy. */
export function parseScenario(text: string, options: ParseOptions): Scenario {
  const { file, words = vocabulary } = options
  const read = readScenarioText(text, file)
  const mistakes = createScenarioErrors(file, read)
  const schema = words === vocabulary ? scenarioSchema : createScenarioSchema(words)
  const problem = findProblem(schema, read.value)
  if (problem !== null) throw mistakes.problem(problem)
  return buildScenario(read.value as ScenarioFile, words, mistakes)
}
