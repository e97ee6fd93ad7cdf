import { Type } from 'typebox'

import { defineFault } from './lib/define-fault.ts'
import {
  connectionShareParameter,
  directionParameter,
  faultParameters,
  millisecondsParameter,
} from './lib/parameters.ts'
import { injectToxics } from './lib/toxics.ts'

export const timeout = defineFault({
  kind: 'timeout',
  description:
    'A black hole: connections are accepted and stay open, but no data arrives. When the fault is healed, they are closed.',
  outside: 'A firewall that drops packets silently; a process that accepts and never reads.',
  target: 'link',
  example: { target: 'api-*:payments', params: { direction: 'replies' } },
  params: faultParameters({
    closeAfterMs: Type.Optional(
      millisecondsParameter('Closes a connection that was idle this long; never when absent or 0.'),
    ),
    direction: directionParameter('both'),
    share: connectionShareParameter,
  }),
  inject: (request, context) =>
    injectToxics(request, context, { type: 'timeout', direction: 'both' }),
})
