import { InputError } from '#chaos/lib/errors.ts'

import type { AdoptionRequest } from './compose/adopt-project.ts'

/** The variable with which the CLI tells a controller what to adopt. */
const variable = 'UNHAPPY_ADOPT'

export function adoptionVariables(request: AdoptionRequest): Readonly<Record<string, string>> {
  return { [variable]: JSON.stringify(request) }
}

/** Undefined: nothing is to be adopted. */
export function readAdoption(
  environment: Readonly<Record<string, string | undefined>>,
): AdoptionRequest | undefined {
  const text = environment[variable]
  if (text === undefined || text === '') return undefined
  try {
    return JSON.parse(text) as AdoptionRequest
  } catch {
    throw new InputError(`${variable} is not valid JSON: it is set by \`unhappy adopt\` only.`)
  }
}
