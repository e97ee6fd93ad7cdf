import { Type } from 'typebox'

import { defineFault } from './lib/define-fault.ts'
import { injectAll } from './lib/inject-all.ts'
import { closed, connectionShare, milliseconds } from './lib/parameters.ts'
import { injectToxics } from './lib/toxics.ts'

export const reset = defineFault({
  kind: 'reset',
  description:
    'Connections end with a TCP reset: live ones, idle ones and, while it lasts, new ones.',
  outside: 'A balancer that gave up, a process that died with the connection open.',
  target: 'link',
  example: { target: 'api-*:postgres', params: { once: true } },
  params: Type.Object(
    {
      afterMs: Type.Optional(milliseconds('How long a connection lives before it is reset.')),
      once: Type.Optional(
        Type.Boolean({
          description: 'Only the connections that are open now; new ones live. False when absent.',
        }),
      ),
      share: Type.Optional(connectionShare),
    },
    closed,
  ),
  inject: (order, context) => {
    if (order.params.once !== true)
      return injectToxics(order, context, {
        type: 'reset_peer',
        direction: 'requests',
        toxicity: order.params.share,
        attributes: { timeout: order.params.afterMs ?? 0 },
      })
    let connections = 0
    return injectAll({
      mechanism: 'RST',
      describe: () => ({ mechanism: `RST to ${connections} connections`, hit: connections }),
      targets: order.targets,
      signal: context.signal,
      apply: async (link) => {
        const ended = await context.links.resetConnections(link)
        connections += ended
      },
      // What was reset stays reset: the callers' business is to connect again.
      undo: async () => {},
    })
  },
})
