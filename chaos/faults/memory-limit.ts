import { Type } from 'typebox'

import { defineFault } from './lib/define-fault.ts'
import { closed } from './lib/parameters.ts'
import { injectLimit, resourceSupport } from './lib/resources.ts'

export const memoryLimit = defineFault({
  kind: 'memory-limit',
  description: 'The instance may use only so much memory; the kernel kills it when it wants more.',
  outside: 'A limit that was right last year.',
  target: 'instance',
  example: { target: 'worker-1', params: { bytes: 67_108_864 } },
  params: Type.Object(
    {
      bytes: Type.Integer({
        minimum: 6_291_456,
        description: 'Memory that it may use; 6 MiB or more.',
      }),
    },
    closed,
  ),
  support: resourceSupport('memory-limit'),
  inject: (order, context) =>
    injectLimit('memory-limit', order, context, (limits, name) =>
      limits.limitMemory(name, { bytes: order.params.bytes, leaseMs: order.leaseMs }),
    ),
})
