import { Type } from 'typebox'

import { nameLengthMax, pathLengthMax, textLengthMax } from '#chaos/contracts/max.ts'
import { InputError } from '#chaos/lib/errors.ts'
import { excerpt } from '#chaos/lib/excerpt.ts'

import { defineFault } from './lib/define-fault.ts'
import { rateParameter, requireHttp, routeParameters } from './lib/http-parameters.ts'
import { faultParameters } from './lib/parameters.ts'
import { injectToxics } from './lib/toxics.ts'

const headersMax = 20

/** `http-error` answers instead of the callee; this fault changes what the callee answered after it did the work. */
export const httpReplace = defineFault({
  kind: 'http-replace',
  description:
    'Responses are changed: status, headers or body. The callee has executed the requests.',
  outside:
    'A rate limit with Retry-After, an upgrade of a dependency that drops a field or changes its type, a proxy that answers 200 with an error page.',
  target: 'link',
  example: { target: 'worker-*:payments', params: { route: '/charges', merge: '{"id":null}' } },
  params: faultParameters({
    ...rateParameter,
    ...routeParameters,
    status: Type.Optional(
      Type.Integer({
        minimum: 200,
        maximum: 599,
        description: 'Status of the response; it stays when absent.',
      }),
    ),
    headers: Type.Optional(
      Type.Record(
        Type.String(),
        Type.String({
          maxLength: pathLengthMax,
          pattern: '^[\\t\\x20-\\x7e]*$',
          wanted: 'one line of ASCII characters (in quotes if it looks like a number)',
        }),
        {
          maxProperties: headersMax,
          propertyNames: {
            type: 'string',
            maxLength: nameLengthMax,
            pattern: "^[!#$%&'*+.^_`|~0-9A-Za-z-]+$",
            wanted: 'the name of a header',
          },
          description:
            'Headers that replace those of their name; an empty value removes them. Length and encoding of the body follow by themselves.',
        },
      ),
    ),
    body: Type.Optional(
      Type.String({
        minLength: 1,
        maxLength: textLengthMax,
        description: 'The new body; it stays when absent.',
      }),
    ),
    merge: Type.Optional(
      Type.String({
        minLength: 1,
        maxLength: textLengthMax,
        description:
          'JSON merge patch (RFC 7396) of a JSON body: {"id":null} removes id, {"amount":"5"} gives it another type.',
      }),
    ),
  }),
  inject: async (request, context) => {
    requireHttp(request.targets, context.topology)
    const { headers, ...params } = request.params
    requireChange(request.params)
    return await injectToxics(request, context, {
      type: 'http_replace',
      direction: 'replies',
      params: headers === undefined ? params : { ...params, headers: linesOf(headers) },
    })
  },
})

/** Throws {@link InputError} for parameters that change nothing or cannot be combined. */
function requireChange({
  status,
  headers,
  body,
  merge,
}: {
  readonly status?: number
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string
  readonly merge?: string
}): void {
  const changes = [status, headers, body, merge].filter((change) => change !== undefined)
  if (changes.length === 0)
    throw new InputError('http-replace changes nothing without a parameter.', {
      remedy: 'Give at least one of status, headers, body and merge.',
    })
  if (body !== undefined && merge !== undefined)
    throw new InputError('body replaces the whole body, so merge has nothing to patch.', {
      remedy: 'Give one of the two.',
    })
  const framing = Object.keys(headers ?? {}).find((name) =>
    /^(content-length|transfer-encoding|trailer)$/i.test(name),
  )
  if (framing !== undefined)
    throw new InputError(`The header ${framing} follows from the body.`, {
      remedy: 'Leave it out.',
    })
  if (merge !== undefined && !isJson(merge))
    throw new InputError(`merge: ${excerpt(merge)} is not JSON.`, {
      remedy: 'Write a JSON merge patch, for example \'{"id":null}\'.',
    })
}

function linesOf(headers: Readonly<Record<string, string>>): string {
  return Object.entries(headers)
    .map(([name, value]) => `${name}: ${value}`)
    .join('\n')
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text)
    return true
  } catch {
    return false
  }
}
