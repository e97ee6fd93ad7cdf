import { Type } from 'typebox'

import { defineFault } from './lib/define-fault.ts'
import { closed, connectionShare, direction } from './lib/parameters.ts'
import { injectToxics } from './lib/toxics.ts'

export const mute = defineFault({
  kind: 'mute',
  description:
    'Half-open: connections that live now go silent and stay so also after the fault is gone; nobody closes them.',
  target: 'link',
  params: Type.Object(
    { direction: Type.Optional(direction('both')), share: Type.Optional(connectionShare) },
    closed,
  ),
  inject: (order, context) =>
    injectToxics(order, context, {
      type: 'mute',
      direction: order.params.direction ?? 'both',
      toxicity: order.params.share,
      attributes: {},
    }),
})
