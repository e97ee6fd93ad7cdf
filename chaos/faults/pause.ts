import { Type } from 'typebox'

import { defineFault } from './lib/define-fault.ts'
import { injectAll } from './lib/inject-all.ts'
import { closed } from './lib/parameters.ts'

export const pause = defineFault({
  kind: 'pause',
  description:
    'SIGSTOP: the process stands still, its connections stay open; it wakes up without knowing.',
  outside: 'A long garbage collection, a frozen virtual machine, a debugger.',
  target: 'instance',
  example: { target: 'worker-1', params: {} },
  params: Type.Object({}, closed),
  inject: (order, context) =>
    injectAll({
      mechanism: 'SIGSTOP',
      targets: order.targets,
      signal: context.signal,
      apply: (name, signal) =>
        context.runtime.pause(name, { by: order.by, leaseMs: order.leaseMs, signal }),
      undo: (name, signal) => context.runtime.resume(name, { by: order.by, signal }),
    }),
})
