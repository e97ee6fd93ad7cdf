import { InputError, messageOf, unknownName } from '#chaos/lib/errors.ts'
import { excerpt } from '#chaos/lib/excerpt.ts'

import type { Problem } from './find-problem.ts'
import type { ScenarioText } from './scenario-text.ts'

/** Creates the errors about a scenario file. Each names file, line, path, value and remedy. */
export interface ScenarioErrors {
  /** An error that the schema found. */
  problem(problem: Problem): InputError
  /** Any other error. `message` is the rest of a sentence that begins with the path. */
  at(path: readonly string[], message: string, remedy?: string): InputError
  /** Runs `work` and adds file, line and path to an {@link InputError} that it throws. */
  locate<T>(path: readonly string[], work: () => T): T
}

export function createScenarioErrors(file: string, text: ScenarioText): ScenarioErrors {
  const place = (path: readonly string[]): string =>
    path.length === 0 ? file : `${file}:${text.lineOf(path)}: ${pathText(path)}`
  return {
    problem: (problem) => {
      const { path, unknown } = problem
      if (unknown === undefined) return wrongValue(place(path), problem)
      const line = unknown.isKey ? text.lineOfKey(path, unknown.name) : text.lineOf(path)
      const where = path.length === 0 ? `${file}:${line}` : `${file}:${line}: ${pathText(path)}`
      return prefixed(where, unknownName(unknown.thing, unknown.name, unknown.known))
    },
    at: (path, message, remedy) =>
      new InputError(`${place(path)} ${message}.`, { remedy: remedy ?? anyRemedy }),
    locate: (path, work) => {
      try {
        return work()
      } catch (error) {
        throw error instanceof InputError ? prefixed(place(path), error) : error
      }
    },
  }
}

const anyRemedy = 'docs/scenario.md describes every key of a scenario.'

function wrongValue(where: string, problem: Problem): InputError {
  const subject = problem.path.length === 0 ? `${where}: the scenario` : where
  const given = isPlain(problem.value) ? `, got ${excerpt(problem.value)}` : ''
  return new InputError(`${subject} ${problem.message}${given}.`, {
    remedy: problem.description || anyRemedy,
  })
}

/** Whether the value is short enough for a message: not an object and not a list. */
function isPlain(value: unknown): boolean {
  return value === null || typeof value !== 'object'
}

function prefixed(where: string, error: InputError): InputError {
  const remedy = error.remedy === undefined ? {} : { remedy: error.remedy }
  return new InputError(`${where}: ${messageOf(error)}`, remedy)
}

/** `method[1].inject.latency.latencyMs` */
function pathText(path: readonly string[]): string {
  return path
    .map((part, i) => (/^\d+$/.test(part) ? `[${part}]` : `${i === 0 ? '' : '.'}${part}`))
    .join('')
}
