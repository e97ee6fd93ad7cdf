import { Type } from 'typebox'

import { defineFault } from './lib/define-fault.ts'
import { closed, connectionShare, direction } from './lib/parameters.ts'
import { injectToxics } from './lib/toxics.ts'

export const slicer = defineFault({
  kind: 'slicer',
  description: 'Data arrives in small slices, as it may on any real network.',
  outside: 'A network that hands over what it has: half a message, and the other half later.',
  target: 'link',
  example: { target: 'worker-*:redis', params: { averageBytes: 20, delayMicroseconds: 500 } },
  params: Type.Object(
    {
      averageBytes: Type.Integer({ minimum: 1, description: 'Mean size of a slice.' }),
      variationBytes: Type.Optional(
        Type.Integer({ minimum: 0, description: 'Sizes vary by up to this much. 0 when absent.' }),
      ),
      delayMicroseconds: Type.Optional(
        Type.Integer({ minimum: 0, maximum: 10_000_000, description: 'Pause after each slice.' }),
      ),
      direction: Type.Optional(direction('both')),
      share: Type.Optional(connectionShare),
    },
    closed,
  ),
  inject: (order, context) =>
    injectToxics(order, context, {
      type: 'slicer',
      direction: order.params.direction ?? 'both',
      toxicity: order.params.share,
      attributes: {
        average_size: order.params.averageBytes,
        size_variation: order.params.variationBytes ?? 0,
        delay: order.params.delayMicroseconds ?? 0,
      },
    }),
})
