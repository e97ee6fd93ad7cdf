import { Type } from 'typebox'

import { defineFault } from './lib/define-fault.ts'
import { closed, connectionShare, direction } from './lib/parameters.ts'
import { injectToxics } from './lib/toxics.ts'

export const bandwidth = defineFault({
  kind: 'bandwidth',
  description: 'The link carries only so many bytes per second on each connection.',
  outside: 'A backup on the same line; a phone on the train.',
  target: 'link',
  example: { target: 'api-*:postgres', params: { rateBytesPerSecond: 20_000 } },
  params: Type.Object(
    {
      rateBytesPerSecond: Type.Integer({
        minimum: 1_000,
        description: 'Bytes per second of each connection, in steps of 1000.',
      }),
      direction: Type.Optional(direction('replies')),
      share: Type.Optional(connectionShare),
    },
    closed,
  ),
  inject: (order, context) =>
    injectToxics(order, context, {
      type: 'bandwidth',
      direction: order.params.direction ?? 'replies',
      toxicity: order.params.share,
      // The toxic counts in kilobytes of 1000 bytes.
      attributes: { rate: Math.round(order.params.rateBytesPerSecond / 1_000) },
    }),
})
