import { Type } from 'typebox'

import { defineFault } from './lib/define-fault.ts'
import { rateParameter, requireHttp, routeParameters } from './lib/http-parameters.ts'
import { faultParameters, millisecondsParameter } from './lib/parameters.ts'
import { injectToxics } from './lib/toxics.ts'

export const httpDelay = defineFault({
  kind: 'http-delay',
  description: 'Some HTTP requests reach the callee later; all others pass as usual.',
  outside: 'One slow route behind a balancer, while all others are fast.',
  target: 'link',
  example: { target: 'api-*:payments', params: { route: '/payment-methods', delayMs: 800 } },
  params: faultParameters({
    ...rateParameter,
    ...routeParameters,
    delayMs: millisecondsParameter('Delay of a request.'),
    jitterMs: Type.Optional(
      millisecondsParameter('The delay varies by up to this much, both ways.'),
    ),
  }),
  inject: async (request, context) => {
    requireHttp(request.targets, context.topology)
    return await injectToxics(request, context, { type: 'http_delay', direction: 'requests' })
  },
})
