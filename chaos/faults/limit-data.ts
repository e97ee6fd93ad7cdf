import { Type } from 'typebox'

import { defineFault } from './lib/define-fault.ts'
import { closed, connectionShare, direction } from './lib/parameters.ts'
import { injectToxics } from './lib/toxics.ts'

export const limitData = defineFault({
  kind: 'limit-data',
  description: 'Each connection is closed after exactly so many bytes: in the middle of a message.',
  outside: 'A proxy with a limit, a crash in the middle of an answer.',
  target: 'link',
  example: { target: 'api-*:payments', params: { bytes: 500 } },
  params: Type.Object(
    {
      bytes: Type.Integer({
        minimum: 0,
        description: 'Bytes that pass before the connection is closed.',
      }),
      direction: Type.Optional(direction('replies')),
      share: Type.Optional(connectionShare),
    },
    closed,
  ),
  inject: (order, context) =>
    injectToxics(order, context, {
      type: 'limit_data',
      direction: order.params.direction ?? 'replies',
      toxicity: order.params.share,
      attributes: { bytes: order.params.bytes },
    }),
})
