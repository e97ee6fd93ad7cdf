import { Type } from 'typebox'

import { defineFault } from './lib/define-fault.ts'
import { injectAll } from './lib/inject-all.ts'
import { bringBack, graceDefault, startAnew } from './lib/instances.ts'
import { closed, duration } from './lib/parameters.ts'

export const restart = defineFault({
  kind: 'restart',
  description: 'SIGTERM and a new start, one instance after the other, as in a rolling restart.',
  outside: 'A rolling restart, on a Tuesday afternoon.',
  target: 'instance',
  example: { target: 'api-*', params: { grace: '5s' } },
  params: Type.Object(
    {
      grace: Type.Optional(
        duration(`How long each may take to stop. ${graceDefault} when absent.`),
      ),
    },
    closed,
  ),
  inject: (order, context) =>
    injectAll({
      mechanism: 'SIGTERM, then a new start',
      targets: order.targets,
      signal: context.signal,
      oneByOne: true,
      apply: (name, signal) =>
        startAnew(name, order, context, {
          grace: order.params.grace ?? graceDefault,
          signal,
        }),
      undo: (name, signal) => bringBack(name, order, context, signal),
    }),
})
