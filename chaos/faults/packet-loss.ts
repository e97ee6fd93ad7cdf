import { defineFault } from './lib/define-fault.ts'
import { injectPackets, packetSupport } from './lib/packets.ts'
import { faultParameters, shareParameter } from './lib/parameters.ts'

export const packetLoss = defineFault({
  kind: 'packet-loss',
  description:
    'Packets are lost by chance. A link has no packets: there the fault adds the stalls that sending lost packets again causes.',
  outside: 'Bad radio, a broken cable, a full queue in the network.',
  target: 'link',
  look: 'lossy',
  example: { target: 'worker-*:redis', params: { probability: 0.1 } },
  params: faultParameters({ probability: shareParameter('The share of packets that are lost.') }),
  support: packetSupport,
  inject: (request, context) =>
    injectPackets(request, context, {
      rule: (filter, { caller, callee }) =>
        filter.packetLoss({
          from: caller,
          to: callee,
          probability: request.params.probability,
          leaseMs: request.leaseMs,
        }),
      fallback: { type: 'packet_loss', direction: 'both' },
    }),
})
