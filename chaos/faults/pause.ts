import { defineFault } from './lib/define-fault.ts'
import { injectAll } from './lib/inject-all.ts'
import { faultParameters } from './lib/parameters.ts'

export const pause = defineFault({
  kind: 'pause',
  description:
    'SIGSTOP: the process stops running and its connections stay open; later it goes on as if no time had passed.',
  outside: 'A long garbage collection, a frozen virtual machine, a debugger.',
  target: 'instance',
  freezes: true,
  example: { target: 'worker-1', params: {} },
  params: faultParameters({}),
  inject: (request, context) =>
    injectAll({
      mechanism: 'SIGSTOP',
      targets: request.targets,
      signal: context.signal,
      apply: (name, signal) =>
        context.runtime.pause(name, { by: request.by, leaseMs: request.leaseMs, signal }),
      heal: (name, signal) => context.runtime.resume(name, { by: request.by, signal }),
    }),
})
