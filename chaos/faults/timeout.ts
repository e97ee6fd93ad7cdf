import { Type } from 'typebox'

import { defineFault } from './lib/define-fault.ts'
import { closed, connectionShare, direction, milliseconds } from './lib/parameters.ts'
import { injectToxics } from './lib/toxics.ts'

export const timeout = defineFault({
  kind: 'timeout',
  description:
    'A black hole: connections are accepted and stay open, nothing that is sent arrives. Undone, they are closed.',
  outside: 'A firewall that drops silently; a process that accepts and never reads.',
  target: 'link',
  example: { target: 'api-*:payments', params: { direction: 'replies' } },
  params: Type.Object(
    {
      closeAfterMs: Type.Optional(
        milliseconds('A connection that was quiet this long is closed; never when absent or 0.'),
      ),
      direction: Type.Optional(direction('both')),
      share: Type.Optional(connectionShare),
    },
    closed,
  ),
  inject: (order, context) =>
    injectToxics(order, context, {
      type: 'timeout',
      direction: order.params.direction ?? 'both',
      toxicity: order.params.share,
      attributes: { timeout: order.params.closeAfterMs ?? 0 },
    }),
})
