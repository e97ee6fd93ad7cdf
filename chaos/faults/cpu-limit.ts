import { Type } from 'typebox'

import { defineFault } from './lib/define-fault.ts'
import { faultParameters } from './lib/parameters.ts'
import { injectLimit, resourceSupport } from './lib/resources.ts'

export const cpuLimit = defineFault({
  kind: 'cpu-limit',
  description: 'The instance gets only part of a processor core.',
  outside: 'A limit of the orchestrator, a noisy neighbour.',
  target: 'instance',
  example: { target: 'api-1', params: { cores: 0.2 } },
  params: faultParameters({
    cores: Type.Number({
      minimum: 0.01,
      maximum: 64,
      description: 'Cores that it may use, such as 0.1.',
    }),
  }),
  support: resourceSupport('cpu-limit'),
  inject: (request, context) =>
    injectLimit('cpu-limit', request, context, (limits, name) =>
      limits.limitCpu(name, { cores: request.params.cores, leaseMs: request.leaseMs }),
    ),
})
