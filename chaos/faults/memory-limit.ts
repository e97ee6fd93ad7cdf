import { Type } from 'typebox'

import { bytesMax } from '#chaos/contracts/max.ts'

import { defineFault } from './lib/define-fault.ts'
import { faultParameters } from './lib/parameters.ts'
import { injectLimit, resourceSupport } from './lib/resources.ts'

export const memoryLimit = defineFault({
  kind: 'memory-limit',
  description: 'The instance may use this much memory; when it needs more, the kernel kills it.',
  outside: 'A limit that was right last year.',
  target: 'instance',
  example: { target: 'worker-1', params: { bytes: 67_108_864 } },
  params: faultParameters({
    bytes: Type.Integer({
      minimum: 6_291_456,
      maximum: bytesMax,
      description: 'Memory that it may use; 6 MiB or more.',
    }),
  }),
  support: resourceSupport('memory-limit'),
  inject: (request, context) =>
    injectLimit('memory-limit', request, context, (limits, name) =>
      limits.limitMemory(name, { bytes: request.params.bytes, leaseMs: request.leaseMs }),
    ),
})
