import { Type } from 'typebox'

import { defineFault } from './lib/define-fault.ts'
import { choiceAttributes, requestChoice, requireHttp } from './lib/http-requests.ts'
import { closed } from './lib/parameters.ts'
import { injectToxics } from './lib/toxics.ts'

export const httpError = defineFault({
  kind: 'http-error',
  description: 'Requests are answered with an HTTP error, and the callee never sees them.',
  outside: 'A deployment next door, an overloaded upstream, a rate limit.',
  target: 'link',
  example: { target: 'worker-*:payments', params: { route: '/charges', status: 503, rate: 0.5 } },
  params: Type.Object(
    {
      ...requestChoice,
      status: Type.Optional(
        Type.Integer({
          minimum: 200,
          maximum: 599,
          description: 'Status of the answer; 503 when absent.',
        }),
      ),
      body: Type.Optional(
        Type.String({ maxLength: 10_000, description: 'Body of the answer; empty when absent.' }),
      ),
    },
    closed,
  ),
  inject: async (order, context) => {
    requireHttp(order.targets)
    const { status = 503, body = '' } = order.params
    return await injectToxics(order, context, {
      type: 'http_error',
      direction: 'requests',
      attributes: { ...choiceAttributes(order.params), status, body },
    })
  },
})
