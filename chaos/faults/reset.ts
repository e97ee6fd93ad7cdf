import { Type } from 'typebox'

import { defineFault } from './lib/define-fault.ts'
import { injectAll } from './lib/inject-all.ts'
import {
  connectionShareParameter,
  faultParameters,
  millisecondsParameter,
} from './lib/parameters.ts'
import { injectToxics } from './lib/toxics.ts'

export const reset = defineFault({
  kind: 'reset',
  description:
    'Connections end with a TCP reset: live ones, idle ones and, while the fault is active, new ones.',
  outside: 'A balancer that closes connections, a process that died with the connection open.',
  target: 'link',
  example: { target: 'api-*:postgres', params: { once: true } },
  params: faultParameters({
    afterMs: Type.Optional(millisecondsParameter('How long a connection lives before the reset.')),
    once: Type.Optional(
      Type.Boolean({
        description:
          'Resets only the connections that are open now; new ones live. False when absent.',
      }),
    ),
    share: connectionShareParameter,
  }),
  inject: (request, context) => {
    const { once, ...params } = request.params
    if (once !== true)
      return injectToxics(request, context, { type: 'reset_peer', direction: 'requests', params })
    let connections = 0
    return injectAll({
      mechanism: 'RST',
      describe: () => ({ mechanism: `RST to ${connections} connections`, hit: connections }),
      targets: request.targets,
      signal: context.signal,
      apply: async (link) => {
        const ended = await context.links.resetConnections(link)
        connections += ended
      },
      // A reset cannot be taken back: the callers must connect again.
      heal: async () => {},
    })
  },
})
