import { Type } from 'typebox'

import { defineFault } from './lib/define-fault.ts'
import {
  connectionShareParameter,
  faultParameters,
  millisecondsParameter,
} from './lib/parameters.ts'
import { injectToxics } from './lib/toxics.ts'

export const idleTimeout = defineFault({
  kind: 'idle-timeout',
  description:
    'Connections that carry nothing for a while are closed or forgotten on the way, as a middlebox does.',
  outside:
    'A load balancer or a NAT whose idle timeout is shorter than the keep-alive of the client.',
  target: 'link',
  example: { target: 'worker-*:payments', params: { idleMs: 1_000, how: 'silent' } },
  params: faultParameters({
    idleMs: millisecondsParameter('Time without data in either direction.', 1),
    how: Type.Optional(
      Type.Enum(['fin', 'rst', 'silent'], {
        description:
          'fin, rst: what both sides receive. silent: neither side receives anything, and a side that sends later receives RST. fin when absent.',
      }),
    ),
    noticeMs: Type.Optional(
      millisecondsParameter(
        'Time until both sides receive the FIN or RST. A request that is sent meanwhile is lost (the keep-alive race). 0 when absent.',
      ),
    ),
    share: connectionShareParameter,
  }),
  inject: (request, context) =>
    injectToxics(request, context, { type: 'idle_timeout', direction: 'requests' }),
})
