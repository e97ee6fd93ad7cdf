import { Type } from 'typebox'

import { bytesMax } from '#chaos/contracts/max.ts'

import { defineFault } from './lib/define-fault.ts'
import { connectionShareParameter, directionParameter, faultParameters } from './lib/parameters.ts'
import { injectToxics } from './lib/toxics.ts'

export const limitData = defineFault({
  kind: 'limit-data',
  description:
    'Each connection is closed after exactly this many bytes, even in the middle of a message.',
  outside: 'A proxy with a limit, a crash while a response is sent.',
  target: 'link',
  example: { target: 'api-*:payments', params: { bytes: 500 } },
  params: faultParameters({
    bytes: Type.Integer({
      minimum: 0,
      maximum: bytesMax,
      description: 'Bytes that pass before the connection is closed.',
    }),
    direction: directionParameter('replies'),
    share: connectionShareParameter,
  }),
  inject: (request, context) =>
    injectToxics(request, context, { type: 'limit_data', direction: 'replies' }),
})
