import { Type } from 'typebox'

import { bytesMax } from '#chaos/contracts/max.ts'

import { defineFault } from './lib/define-fault.ts'
import { connectionShareParameter, directionParameter, faultParameters } from './lib/parameters.ts'
import { injectToxics } from './lib/toxics.ts'

export const slicer = defineFault({
  kind: 'slicer',
  description: 'Data arrives in small slices, as it may on any real network.',
  outside: 'A network that delivers half a message now and the other half later.',
  target: 'link',
  example: { target: 'worker-*:redis', params: { averageBytes: 20, delayMicroseconds: 500 } },
  params: faultParameters({
    averageBytes: Type.Integer({
      minimum: 1,
      maximum: bytesMax,
      description: 'Mean size of a slice.',
    }),
    variationBytes: Type.Optional(
      Type.Integer({
        minimum: 0,
        maximum: bytesMax,
        description: 'Sizes vary by up to this much. 0 when absent.',
      }),
    ),
    delayMicroseconds: Type.Optional(
      Type.Integer({ minimum: 0, maximum: 10_000_000, description: 'Pause after each slice.' }),
    ),
    direction: directionParameter('both'),
    share: connectionShareParameter,
  }),
  inject: (request, context) =>
    injectToxics(request, context, { type: 'slicer', direction: 'both' }),
})
