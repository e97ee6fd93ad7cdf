import { Type } from 'typebox'

import { parseDuration } from '#chaos/lib/duration.ts'

import { defineFault } from './lib/define-fault.ts'
import { injectAll } from './lib/inject-all.ts'
import { bringBack, endsAfter, graceDefault } from './lib/instances.ts'
import { closed, duration } from './lib/parameters.ts'

export const stop = defineFault({
  kind: 'stop',
  description: 'SIGTERM: the process may finish its work; SIGKILL when its grace period is over.',
  outside: 'A deployment, a node that is drained, a machine that is scaled away.',
  target: 'instance',
  example: { target: 'api-2', params: { grace: '5s', downFor: '3s' } },
  params: Type.Object(
    {
      grace: Type.Optional(duration(`How long it may take. ${graceDefault} when absent.`)),
      downFor: Type.Optional(duration('Starts again after this; else when the fault is undone.')),
    },
    closed,
  ),
  inject: (order, context) => {
    const graceMs = parseDuration(order.params.grace ?? graceDefault)
    return injectAll({
      mechanism: 'SIGTERM',
      targets: order.targets,
      signal: context.signal,
      apply: (name, signal) => context.runtime.stop(name, { by: order.by, graceMs, signal }),
      undo: (name, signal) => bringBack(name, order, context, signal),
      ...endsAfter(order.params.downFor),
    })
  },
})
