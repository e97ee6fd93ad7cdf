import { Type } from 'typebox'

import { defineFault } from './lib/define-fault.ts'
import { injectAll } from './lib/inject-all.ts'
import { bringBack, endsAfter } from './lib/instances.ts'
import { closed, duration } from './lib/parameters.ts'

export const crash = defineFault({
  kind: 'crash',
  description: 'SIGKILL: the process is gone at once and runs nothing more.',
  outside: 'Out of memory, a segmentation fault, somebody pulled the plug.',
  target: 'instance',
  example: { target: 'worker-1', params: { downFor: '3s' } },
  params: Type.Object(
    { downFor: Type.Optional(duration('Starts again after this; else when the fault is undone.')) },
    closed,
  ),
  inject: (order, context) =>
    injectAll({
      mechanism: 'SIGKILL',
      targets: order.targets,
      signal: context.signal,
      // Without the signal: a kill that is half done would leave a process that nobody waits for.
      apply: (name) => context.runtime.kill(name, { by: order.by }),
      undo: (name, signal) => bringBack(name, order, context, signal),
      ...endsAfter(order.params.downFor),
    }),
})
