import { Type } from 'typebox'

import { defineFault } from './lib/define-fault.ts'
import { injectPackets, packetSupport } from './lib/packets.ts'
import { closed, direction } from './lib/parameters.ts'

export const partition = defineFault({
  kind: 'partition',
  description: 'Nothing passes between caller and callee, both ways or one way; nobody is told.',
  outside: 'A switch, a firewall rule, a network of two halves.',
  target: 'link',
  example: { target: 'worker-1:postgres', params: { direction: 'both' } },
  params: Type.Object({ direction: Type.Optional(direction('both')) }, closed),
  support: packetSupport,
  inject: (order, context) => {
    const lost = order.params.direction ?? 'both'
    return injectPackets(order, context, {
      rule: (filter, { caller, callee }) =>
        filter.partition({
          from: lost === 'replies' ? callee : caller,
          to: lost === 'replies' ? caller : callee,
          direction: lost === 'both' ? 'both' : 'one-way',
          leaseMs: order.leaseMs,
        }),
      fallback: { type: 'timeout', direction: lost, attributes: { timeout: 0 } },
    })
  },
})
