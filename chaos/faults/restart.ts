import { Type } from 'typebox'

import { defineFault } from './lib/define-fault.ts'
import { injectAll } from './lib/inject-all.ts'
import { graceDefault, restartInstance, startInstance } from './lib/instances.ts'
import { durationParameter, faultParameters } from './lib/parameters.ts'

export const restart = defineFault({
  kind: 'restart',
  description: 'SIGTERM and a new start, one instance after the other, as in a rolling restart.',
  outside: 'A rolling restart during business hours.',
  target: 'instance',
  example: { target: 'api-*', params: { grace: '5s' } },
  params: faultParameters({
    grace: Type.Optional(
      durationParameter(`Time of each to finish before SIGKILL. ${graceDefault} when absent.`),
    ),
  }),
  inject: (request, context) =>
    injectAll({
      mechanism: 'SIGTERM, then a new start',
      targets: request.targets,
      signal: context.signal,
      oneByOne: true,
      apply: (name, signal) =>
        restartInstance(name, request, context, {
          grace: request.params.grace ?? graceDefault,
          signal,
        }),
      heal: (name, signal) => startInstance(name, request, context, signal),
    }),
})
