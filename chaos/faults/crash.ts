import { Type } from 'typebox'

import { defineFault } from './lib/define-fault.ts'
import { injectAll } from './lib/inject-all.ts'
import { endsAfter, startInstance } from './lib/instances.ts'
import { durationParameter, faultParameters } from './lib/parameters.ts'

export const crash = defineFault({
  kind: 'crash',
  description: 'SIGKILL: the process ends at once and runs no more code.',
  outside: 'Out of memory, a segmentation fault, a power cut.',
  target: 'instance',
  example: { target: 'worker-1', params: { downFor: '3s' } },
  params: faultParameters({
    downFor: Type.Optional(
      durationParameter('Starts again after this time; when absent, when the fault is healed.'),
    ),
  }),
  inject: (request, context) =>
    injectAll({
      mechanism: 'SIGKILL',
      targets: request.targets,
      signal: context.signal,
      // Without the signal: a kill that stops half-way would leave a process that is not waited for.
      apply: (name) => context.runtime.kill(name, { by: request.by }),
      heal: (name, signal) => startInstance(name, request, context, signal),
      ...endsAfter(request.params.downFor),
    }),
})
