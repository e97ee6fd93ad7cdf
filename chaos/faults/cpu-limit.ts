import { Type } from 'typebox'

import { defineFault } from './lib/define-fault.ts'
import { closed } from './lib/parameters.ts'
import { injectLimit, resourceSupport } from './lib/resources.ts'

export const cpuLimit = defineFault({
  kind: 'cpu-limit',
  description: 'The instance gets only a part of a processor core.',
  outside: 'A limit of the orchestrator, a noisy neighbour.',
  target: 'instance',
  example: { target: 'api-1', params: { cores: 0.2 } },
  params: Type.Object(
    {
      cores: Type.Number({
        minimum: 0.01,
        maximum: 64,
        description: 'Cores that it may use, such as 0.1.',
      }),
    },
    closed,
  ),
  support: resourceSupport('cpu-limit'),
  inject: (order, context) =>
    injectLimit('cpu-limit', order, context, (limits, name) =>
      limits.limitCpu(name, { cores: order.params.cores, leaseMs: order.leaseMs }),
    ),
})
