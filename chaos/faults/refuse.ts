import { Type } from 'typebox'

import { defineFault } from './lib/define-fault.ts'
import { injectAll } from './lib/inject-all.ts'
import { closed } from './lib/parameters.ts'

export const refuse = defineFault({
  kind: 'refuse',
  description: 'The link is down: live connections are closed, new ones are refused.',
  outside: 'A process that is not up yet, or no more; the wrong port.',
  target: 'link',
  example: { target: 'api-*:redis', params: {} },
  params: Type.Object({}, closed),
  inject: (order, context) =>
    injectAll({
      mechanism: 'link down',
      targets: order.targets,
      signal: context.signal,
      apply: (link) => context.links.takeDown(link, { expiresInMs: order.leaseMs }),
      undo: (link) => context.links.bringUp(link),
    }),
})
