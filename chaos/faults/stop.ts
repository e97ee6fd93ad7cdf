import { Type } from 'typebox'

import { parseDuration } from '#chaos/lib/duration.ts'

import { defineFault } from './lib/define-fault.ts'
import { injectAll } from './lib/inject-all.ts'
import { endsAfter, graceDefault, startInstance } from './lib/instances.ts'
import { durationParameter, faultParameters } from './lib/parameters.ts'

export const stop = defineFault({
  kind: 'stop',
  description: 'SIGTERM: the process may finish its work. SIGKILL when its grace period ends.',
  outside: 'A deployment, a node that is drained, a machine that is scaled away.',
  target: 'instance',
  example: { target: 'api-2', params: { grace: '5s', downFor: '3s' } },
  params: faultParameters({
    grace: Type.Optional(
      durationParameter(`Time to finish before SIGKILL. ${graceDefault} when absent.`),
    ),
    downFor: Type.Optional(
      durationParameter('Starts again after this time; when absent, when the fault is healed.'),
    ),
  }),
  inject: (request, context) => {
    const graceMs = parseDuration(request.params.grace ?? graceDefault)
    return injectAll({
      mechanism: 'SIGTERM',
      targets: request.targets,
      signal: context.signal,
      apply: (name, signal) => context.runtime.stop(name, { by: request.by, graceMs, signal }),
      heal: (name, signal) => startInstance(name, request, context, signal),
      ...endsAfter(request.params.downFor),
    })
  },
})
