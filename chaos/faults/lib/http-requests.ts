import { Type } from 'typebox'

import { InputError } from '#chaos/lib/errors.ts'
import { links } from '#services/topology.ts'

import { share } from './parameters.ts'

/** Parameters by which HTTP faults choose requests. */
export const requestChoice = {
  rate: Type.Optional(
    share('The share of matching requests that are hit, each drawn by itself; all when absent.'),
  ),
  method: Type.Optional(
    Type.String({ pattern: '^[A-Z]+$', description: 'Only this method, such as POST.' }),
  ),
  route: Type.Optional(
    Type.String({
      pattern: '^(/|\\*)',
      description: 'Only this path, ids as :id, such as /orders/:id; * for any characters.',
    }),
  ),
}

/** The choice as attributes of a toxic. */
export function choiceAttributes(params: {
  readonly rate?: number
  readonly method?: string
  readonly route?: string
}): { readonly rate: number; readonly method: string; readonly route: string } {
  return { rate: params.rate ?? 1, method: params.method ?? '*', route: params.route ?? '*' }
}

/** Throws {@link InputError} for a link that does not speak HTTP. */
export function requireHttp(targets: readonly string[]): void {
  const other = targets.find(
    (name) => links.find((link) => link.name === name)?.protocol !== 'http',
  )
  if (other === undefined) return
  throw new InputError(`The link ${other} does not carry HTTP.`, {
    remedy: "Choose links that do, such as 'worker-*:payments' or 'client:*'.",
  })
}
