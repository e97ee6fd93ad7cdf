import { Type } from 'typebox'

import { defineFault } from './lib/define-fault.ts'
import { closed, connectionShare, direction, share } from './lib/parameters.ts'
import { injectToxics } from './lib/toxics.ts'

export const corrupt = defineFault({
  kind: 'corrupt',
  description:
    'Bytes are changed on their way, as by a broken middlebox that recomputes the checksums.',
  outside: 'Memory without ECC, a broken network card, a bug in a proxy.',
  target: 'link',
  example: { target: 'worker-*:payments', params: { probability: 0.001 } },
  params: Type.Object(
    {
      probability: share('Share of the bytes that have one bit turned over.'),
      direction: Type.Optional(direction('replies')),
      share: Type.Optional(connectionShare),
    },
    closed,
  ),
  inject: (order, context) =>
    injectToxics(order, context, {
      type: 'corrupt',
      direction: order.params.direction ?? 'replies',
      toxicity: order.params.share,
      attributes: { probability: order.params.probability },
    }),
})
