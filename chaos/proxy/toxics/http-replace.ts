import { Type } from 'typebox'

import { textLengthMax } from '#chaos/contracts/max.ts'
import { excerpt } from '#chaos/lib/excerpt.ts'

import { DataPlaneError } from '../plane/data-plane-error.ts'
import {
  inspectHttpExchanges,
  matchesRoute,
  rateAttribute,
  routeAttributes,
} from './lib/http-exchanges.ts'
import { type HttpPatch, patchResponse } from './lib/http-patch.ts'
import { defineToxic } from './lib/toxic-kind.ts'

const text = { maxLength: textLengthMax, default: '' } as const

/** These say where a message ends. The toxic sets them itself. */
const framing = new Set(['content-length', 'transfer-encoding', 'trailer'])

/** The upstream executes the request. Its response is held until it is whole, changed, and delivered. */
export const httpReplace = defineToxic({
  type: 'http_replace',
  description: 'Changes HTTP responses; the upstream has executed the requests.',
  look: 'changed',
  label: ({ status }) => (status === 0 ? 'responses changed' : `responses are ${status}`),
  attributes: Type.Object({
    ...rateAttribute,
    ...routeAttributes,
    status: Type.Integer({
      minimum: 0,
      maximum: 599,
      default: 0,
      description: 'Status of the response, 200 to 599; 0: it stays.',
    }),
    headers: Type.String({
      ...text,
      description:
        'Headers, one "name: value" in each line; each replaces those of its name, and an empty value removes them.',
    }),
    body: Type.String({ ...text, description: 'The new body; empty: it stays.' }),
    merge: Type.String({
      ...text,
      description:
        'JSON merge patch (RFC 7396) for a JSON body: null removes a member; empty: no patch.',
    }),
  }),
  check: (attributes) => void patchOf(attributes),
  inspector: (connection, context) => {
    let known: { readonly of: unknown; readonly patch: HttpPatch } | undefined
    const currentPatch = (): HttpPatch => {
      const { attributes } = context
      if (known?.of !== attributes) known = { of: attributes, patch: patchOf(attributes) }
      return known.patch
    }
    return inspectHttpExchanges(connection, context, {
      messages: {
        wants: (stream, signature) =>
          stream === 'downstream' && matchesRoute(context.attributes, signature),
        tooLong: () => context.missed('a response is longer than 1 MB, or takes more than 1 s'),
        taken: (message) => {
          if (context.random.next() >= context.attributes.rate) {
            message.release()
            return
          }
          const { bytes, signature } = message
          const patched = patchResponse(bytes, currentPatch(), signature.startsWith('HEAD '))
          if (patched === undefined) {
            context.missed('the body of the response is not JSON that can be read')
            message.release()
          } else if (patched.equals(bytes)) message.release()
          else {
            context.touch()
            message.replace(patched)
          }
        },
      },
    })
  },
})

/** Throws a {@link DataPlaneError} (400) that names the attribute and its value. */
function patchOf(attributes: {
  readonly status: number
  readonly headers: string
  readonly body: string
  readonly merge: string
}): HttpPatch {
  const { status, headers, body, merge } = attributes
  if (status > 0 && status < 200)
    throw new DataPlaneError(400, `attributes.status: must be 0 or 200 to 599, got ${status}`)
  if (body !== '' && merge !== '')
    throw new DataPlaneError(400, 'attributes.merge: cannot be used together with body')
  return {
    status: status === 0 ? undefined : status,
    headers: headers.split('\n').flatMap((line) => (line.trim() === '' ? [] : [header(line)])),
    body: body === '' ? undefined : body,
    merge: merge === '' ? undefined : { patch: parsed(merge) },
  }
}

function header(line: string): [string, string] {
  const [, name = '', value = ''] =
    /^([!#$%&'*+.^_`|~\w-]+):([\t\x20-\x7e]*)$/.exec(line.trim()) ?? []
  if (name === '')
    throw new DataPlaneError(400, `attributes.headers: must be name: value, got ${excerpt(line)}`)
  if (framing.has(name.toLowerCase()))
    throw new DataPlaneError(400, `attributes.headers: ${name} follows from the body`)
  return [name, value.trim()]
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    throw new DataPlaneError(400, `attributes.merge: must be JSON, got ${excerpt(text)}`)
  }
}
