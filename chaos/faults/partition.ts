import { defineFault } from './lib/define-fault.ts'
import { injectPackets, packetSupport } from './lib/packets.ts'
import { directionParameter, faultParameters } from './lib/parameters.ts'

export const partition = defineFault({
  kind: 'partition',
  description:
    'No data passes between caller and callee, both ways or one way; no connection is closed.',
  outside: 'A switch, a firewall rule, a network that is split in two.',
  target: 'link',
  look: 'silent',
  example: { target: 'worker-1:postgres', params: { direction: 'both' } },
  params: faultParameters({ direction: directionParameter('both') }),
  support: packetSupport,
  inject: (request, context) => {
    const { direction = 'both' } = request.params
    return injectPackets(request, context, {
      rule: (filter, { caller, callee }) =>
        filter.partition({
          from: direction === 'replies' ? callee : caller,
          to: direction === 'replies' ? caller : callee,
          direction: direction === 'both' ? 'both' : 'one-way',
          leaseMs: request.leaseMs,
        }),
      fallback: { type: 'timeout', direction: 'both' },
    })
  },
})
