import { Type } from 'typebox'

import { defineFault } from './lib/define-fault.ts'
import {
  connectionShareParameter,
  directionParameter,
  faultParameters,
  millisecondsParameter,
} from './lib/parameters.ts'
import { injectToxics } from './lib/toxics.ts'

export const latency = defineFault({
  kind: 'latency',
  description: 'Everything on the link arrives later and in order, plus or minus a jitter.',
  outside: 'A dependency in another region, a full line, a long garbage collection.',
  target: 'link',
  example: { target: 'worker-*:payments', params: { latencyMs: 200, jitterMs: 50 } },
  params: faultParameters({
    latencyMs: millisecondsParameter('Delay of every piece of data.'),
    jitterMs: Type.Optional(
      millisecondsParameter('The delay varies by up to this much, both ways.'),
    ),
    direction: directionParameter('replies'),
    share: connectionShareParameter,
  }),
  inject: (request, context) =>
    injectToxics(request, context, { type: 'latency', direction: 'replies' }),
})
