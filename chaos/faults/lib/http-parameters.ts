import { Type } from 'typebox'

import { nameLengthMax } from '#chaos/contracts/max.ts'
import { client, patternOfLink } from '#chaos/contracts/topology.ts'
import type { Topology } from '#chaos/contracts/topology.ts'
import { InputError } from '#chaos/lib/errors.ts'

import { shareParameter } from './parameters.ts'

/** Parameters by which an HTTP fault chooses requests, or the responses to them. */
export const routeParameters = {
  method: Type.Optional(
    Type.String({
      pattern: '^[A-Z]+$',
      maxLength: nameLengthMax,
      description: 'Only this method, such as POST.',
    }),
  ),
  route: Type.Optional(
    Type.String({
      pattern: '^(/|\\*)',
      maxLength: nameLengthMax,
      description: 'Only this path, ids as :id, such as /orders/:id; * for any characters.',
    }),
  ),
}

/** The parameter by which an HTTP fault hits a share of the requests. */
export const rateParameter = {
  rate: Type.Optional(
    shareParameter(
      'The share of matching requests that are hit, drawn for each request; all when absent.',
    ),
  ),
}

/** Throws {@link InputError} for a link that does not carry HTTP. */
export function requireHttp(targets: readonly string[], topology: Topology): void {
  const http = topology.links.filter(({ protocol }) => protocol === 'http')
  const other = targets.find((name) => !http.some((link) => link.name === name))
  if (other === undefined) return
  throw new InputError(`The link ${other} does not carry HTTP.`, {
    remedy: `Choose links that do, such as ${examples(topology, http)}.`,
  })
}

/** `'worker-*:payments' or 'client:*'` */
function examples(topology: Topology, http: Topology['links']): string {
  const inside = http.findLast(({ caller }) => caller !== client)
  const entry = `'${client}:*'`
  return inside === undefined ? entry : `'${patternOfLink(topology, inside)}' or ${entry}`
}
