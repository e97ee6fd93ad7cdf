import { Type } from 'typebox'

import { defineFault } from './lib/define-fault.ts'
import { choiceAttributes, requestChoice, requireHttp } from './lib/http-requests.ts'
import { closed, milliseconds } from './lib/parameters.ts'
import { injectToxics } from './lib/toxics.ts'

export const httpDelay = defineFault({
  kind: 'http-delay',
  description: 'Some HTTP requests reach the callee later; all others pass as always.',
  outside: 'One slow route behind a balancer, while all others are fast.',
  target: 'link',
  example: { target: 'api-*:payments', params: { route: '/payment-methods', delayMs: 800 } },
  params: Type.Object(
    {
      ...requestChoice,
      delayMs: milliseconds('Delay of a request.'),
      jitterMs: Type.Optional(milliseconds('The delay varies by up to this much, both ways.')),
    },
    closed,
  ),
  inject: async (order, context) => {
    requireHttp(order.targets)
    const { delayMs, jitterMs = 0 } = order.params
    return await injectToxics(order, context, {
      type: 'http_delay',
      direction: 'requests',
      attributes: { ...choiceAttributes(order.params), delay: delayMs, jitter: jitterMs },
    })
  },
})
