import type { Incident } from '#chaos/contracts/gameday/incident.ts'

export const pine: Incident = {
  id: 'pine',
  title: 'The way of customers to one instance is narrow',
  story: 'The connections of customers to api-1 carry 60 bytes per second. The instance itself is fast and ready, so the load balancer keeps it.',
  faults: [{ kind: 'bandwidth', target: 'client:api-1', params: { rateBytesPerSecond: 60 }, endedBy: ['reroute'] }],
  cause: { place: 'client:api-1', kind: 'bandwidth' },
  chain: [{ place: 'client:api-1', seen: 'Responses arrive in seconds.' }],
  symptoms: ['About half of the customers wait.', 'Each instance reports fast responses.'],
  mitigations: [{ actions: [{ action: 'stop', target: 'api-1' }], why: 'customers then use the other instance.' }, { actions: [{ action: 'reroute', target: 'client:api-1' }], why: 'the other path is wide.' }],
}
