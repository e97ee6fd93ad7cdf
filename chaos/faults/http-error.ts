import { Type } from 'typebox'

import { defineFault } from './lib/define-fault.ts'
import { rateParameter, requireHttp, routeParameters } from './lib/http-parameters.ts'
import { faultParameters } from './lib/parameters.ts'
import { injectToxics } from './lib/toxics.ts'

export const httpError = defineFault({
  kind: 'http-error',
  description: 'Requests are answered with an HTTP error, and the callee never receives them.',
  outside: 'A deployment of a dependency, an overloaded upstream, a rate limit.',
  target: 'link',
  example: { target: 'worker-*:payments', params: { route: '/charges', status: 503, rate: 0.5 } },
  params: faultParameters({
    ...rateParameter,
    ...routeParameters,
    status: Type.Optional(
      Type.Integer({
        minimum: 200,
        maximum: 599,
        description: 'Status of the response; 503 when absent.',
      }),
    ),
    body: Type.Optional(
      Type.String({ maxLength: 10_000, description: 'Body of the response; empty when absent.' }),
    ),
  }),
  inject: async (request, context) => {
    requireHttp(request.targets, context.topology)
    return await injectToxics(request, context, { type: 'http_error', direction: 'requests' })
  },
})
