import { Type } from 'typebox'

import { bytesMax } from '#chaos/contracts/max.ts'

import { defineFault } from './lib/define-fault.ts'
import { connectionShareParameter, directionParameter, faultParameters } from './lib/parameters.ts'
import { injectToxics } from './lib/toxics.ts'

export const bandwidth = defineFault({
  kind: 'bandwidth',
  description: 'Each connection of the link carries at most this many bytes per second.',
  outside: 'A backup on the same line; a phone on the train.',
  target: 'link',
  example: { target: 'api-*:postgres', params: { rateBytesPerSecond: 20_000 } },
  params: faultParameters({
    rateBytesPerSecond: Type.Integer({
      minimum: 1_000,
      maximum: bytesMax,
      description: 'Bytes per second of each connection, in steps of 1000.',
    }),
    direction: directionParameter('replies'),
    share: connectionShareParameter,
  }),
  inject: (request, context) =>
    injectToxics(request, context, { type: 'bandwidth', direction: 'replies' }),
})
