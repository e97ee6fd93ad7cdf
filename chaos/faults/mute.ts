import { defineFault } from './lib/define-fault.ts'
import { connectionShareParameter, directionParameter, faultParameters } from './lib/parameters.ts'
import { injectToxics } from './lib/toxics.ts'

export const mute = defineFault({
  kind: 'mute',
  description:
    'Half-open: connections that are open now become silent and stay silent even after the fault is healed; neither side receives a close.',
  outside:
    'A balancer or NAT that dropped the connection without a FIN; a machine that lost its power.',
  target: 'link',
  example: { target: 'api-1:postgres', params: {} },
  params: faultParameters({
    direction: directionParameter('both'),
    share: connectionShareParameter,
  }),
  inject: (request, context) => injectToxics(request, context, { type: 'mute', direction: 'both' }),
})
