import { Type } from 'typebox'

import { defineFault } from './lib/define-fault.ts'
import { exchangeParameters, pairParameters } from './lib/exchange-parameters.ts'
import { faultParameters } from './lib/parameters.ts'
import { injectToxics } from './lib/toxics.ts'

export const reorder = defineFault({
  kind: 'reorder',
  description:
    'Two messages are delivered in reverse sequence. Each reply still belongs to its own caller.',
  outside:
    'Two connections of a pool of which one is slower; a retry that overtakes; a queue with several consumers.',
  target: 'link',
  example: { target: 'api-*:postgres', params: { exchange: 'COMMIT', waitMs: 200 } },
  params: faultParameters({
    ...exchangeParameters,
    ...pairParameters,
    direction: Type.Optional(
      Type.Enum(['requests', 'replies'], {
        description:
          'requests: the callee executes the second one first. replies: the caller of the second one receives its reply first. requests when absent.',
      }),
    ),
  }),
  inject: (request, context) =>
    injectToxics(request, context, { type: 'reorder', direction: 'requests' }),
})
