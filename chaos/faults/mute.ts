import { Type } from 'typebox'

import { defineFault } from './lib/define-fault.ts'
import { closed, connectionShare, direction } from './lib/parameters.ts'
import { injectToxics } from './lib/toxics.ts'

export const mute = defineFault({
  kind: 'mute',
  description:
    'Half-open: connections that live now go silent and stay so also after the fault is gone; nobody closes them.',
  outside:
    'A balancer or NAT that forgot the connection and tells nobody; a machine that lost its power.',
  target: 'link',
  example: { target: 'api-1:postgres', params: {} },
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
