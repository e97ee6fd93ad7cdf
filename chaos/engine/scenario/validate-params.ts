import type { TObject, TSchema } from 'typebox'

import { InputError, unknownName } from '#chaos/lib/errors.ts'
import { excerpt } from '#chaos/lib/excerpt.ts'

import { findProblem } from './find-problem.ts'

/** The parameters, if they match the schema. Throws {@link InputError}: `latency.latencyMs must be a whole number, got "fast".` */
export function validateParams(
  name: string,
  schema: TSchema,
  params: Readonly<Record<string, unknown>>,
): Readonly<Record<string, unknown>> {
  const problem = findProblem(schema, params)
  if (problem === null) return params
  const { unknown, path, message, value, description } = problem
  if (unknown !== undefined) throw unknownName(`parameter of ${name}`, unknown.name, unknown.known)
  const subject = [name, ...path].join('.')
  const given = path.length === 0 ? '' : `, got ${excerpt(value)}`
  throw new InputError(`${subject} ${message}${given}.`, {
    remedy:
      description ?? `Known parameters: ${Object.keys((schema as TObject).properties).join(', ')}.`,
  })
}
