import { Type } from 'typebox'

import { defineFault } from './lib/define-fault.ts'
import { closed, connectionShare, direction, milliseconds } from './lib/parameters.ts'
import { injectToxics } from './lib/toxics.ts'

export const slowClose = defineFault({
  kind: 'slow-close',
  description: 'A connection that one side closes stays open for a while for the other.',
  outside: 'A peer that takes its time to say goodbye, while its slot is taken.',
  target: 'link',
  example: { target: 'api-*:payments', params: { delayMs: 2_000 } },
  params: Type.Object(
    {
      delayMs: milliseconds('How much later the other side learns that it is closed.'),
      direction: Type.Optional(direction('both')),
      share: Type.Optional(connectionShare),
    },
    closed,
  ),
  inject: (order, context) =>
    injectToxics(order, context, {
      type: 'slow_close',
      direction: order.params.direction ?? 'both',
      toxicity: order.params.share,
      attributes: { delay: order.params.delayMs },
    }),
})
