import { Type } from 'typebox'

import { defineFault } from './lib/define-fault.ts'
import { injectPackets, packetSupport } from './lib/packets.ts'
import { closed, share } from './lib/parameters.ts'

export const packetLoss = defineFault({
  kind: 'packet-loss',
  description:
    'Packets are lost by chance. On a link, which has no packets, it shows as the stalls that resending them causes.',
  outside: 'Bad radio, a broken cable, a queue in the network that is full.',
  target: 'link',
  example: { target: 'worker-*:redis', params: { probability: 0.1 } },
  params: Type.Object({ probability: share('Chance that a packet is lost.') }, closed),
  support: packetSupport,
  inject: (order, context) => {
    const { probability } = order.params
    return injectPackets(order, context, {
      rule: (filter, { caller, callee }) =>
        filter.packetLoss({ from: caller, to: callee, probability, leaseMs: order.leaseMs }),
      fallback: { type: 'packet_loss', direction: 'both', attributes: { loss_rate: probability } },
    })
  },
})
