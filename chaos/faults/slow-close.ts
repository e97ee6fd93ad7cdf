import { defineFault } from './lib/define-fault.ts'
import {
  connectionShareParameter,
  directionParameter,
  faultParameters,
  millisecondsParameter,
} from './lib/parameters.ts'
import { injectToxics } from './lib/toxics.ts'

export const slowClose = defineFault({
  kind: 'slow-close',
  description: 'When one side closes a connection, the other side receives the FIN later.',
  outside: 'A peer that closes slowly while its slot is taken.',
  target: 'link',
  example: { target: 'api-*:payments', params: { delayMs: 2_000 } },
  params: faultParameters({
    delayMs: millisecondsParameter('How much later the other side receives the FIN.'),
    direction: directionParameter('both'),
    share: connectionShareParameter,
  }),
  inject: (request, context) =>
    injectToxics(request, context, { type: 'slow_close', direction: 'both' }),
})
