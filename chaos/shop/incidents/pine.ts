import type { Incident } from '#chaos/contracts/gameday/incident.ts'

export const pine: Incident = {
  id: 'pine',
  title: 'The way of customers to one instance is slow',
  story:
    'Responses of api-1 reach its customers 1.7 s late. The instance itself is fast and ready, so the load balancer keeps it.',
  faults: [
    { kind: 'latency', target: 'client:api-1', params: { latencyMs: 1700 }, endedBy: ['reroute'] },
  ],
  cause: { place: 'client:api-1', kind: 'latency' },
  chain: [{ place: 'client:api-1', seen: 'Responses arrive in seconds.' }],
  symptoms: ['About half of the customers wait.', 'Each instance reports fast responses.'],
  mitigations: [
    {
      actions: [{ action: 'stop', target: 'api-1' }],
      why: 'customers then use the other instance.',
    },
    { actions: [{ action: 'reroute', target: 'client:api-1' }], why: 'the other path is fast.' },
  ],
}
