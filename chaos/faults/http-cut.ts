import { Type } from 'typebox'

import { bytesMax, countMax } from '#chaos/contracts/max.ts'

import { defineFault } from './lib/define-fault.ts'
import { requireHttp, routeParameters } from './lib/http-parameters.ts'
import { faultParameters } from './lib/parameters.ts'
import { injectToxics } from './lib/toxics.ts'

export const httpCut = defineFault({
  kind: 'http-cut',
  description: 'The connection ends in the middle of the body of one HTTP response.',
  outside: 'A server that crashes while it sends, a proxy with a limit on response time.',
  target: 'link',
  example: { target: 'worker-*:payments', params: { route: '/charges', nth: 3, afterBytes: 20 } },
  params: faultParameters({
    ...routeParameters,
    nth: Type.Optional(
      Type.Integer({
        minimum: 1,
        maximum: countMax,
        description:
          'Which response is cut, counted on each link since the fault began: matching responses that have a body. The first when absent.',
      }),
    ),
    afterBytes: Type.Optional(
      Type.Integer({
        minimum: 0,
        maximum: bytesMax,
        description:
          'Bytes of the body that pass; the last byte of the body never passes. 1 when absent.',
      }),
    ),
    reset: Type.Optional(
      Type.Boolean({ description: 'Ends with RST instead of FIN. False when absent.' }),
    ),
  }),
  inject: async (request, context) => {
    requireHttp(request.targets, context.topology)
    return await injectToxics(request, context, { type: 'http_cut', direction: 'replies' })
  },
})
