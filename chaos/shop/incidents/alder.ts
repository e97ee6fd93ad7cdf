import type { Incident } from '#chaos/contracts/gameday/incident.ts'

export const alder: Incident = {
  id: 'alder',
  title: 'Payments becomes slow for every worker',
  story:
    'Every reply of payments takes 2 s on the way to the workers. The worker gives up after 1.2 s, asks again, and keeps its place in the queue meanwhile. Orders are accepted and not paid.',
  faults: [
    {
      kind: 'latency',
      target: 'worker-*:payments',
      params: { latencyMs: 2000 },
      endedBy: ['reroute'],
    },
  ],
  cause: { place: 'worker-*:payments', kind: 'latency' },
  chain: [
    { place: 'worker-*:payments', seen: 'Replies take about 2 s.' },
    { place: 'worker-*', seen: 'All places for jobs are taken by charges that wait.' },
    { place: 'redis', seen: 'Jobs wait in the queue.' },
    { place: 'postgres', seen: 'Orders stay unpaid.' },
  ],
  symptoms: [
    'The number of waiting jobs grows.',
    'Customers can order; their orders stay unpaid.',
    'The link between workers and payments is slow.',
  ],
  mitigations: [
    {
      actions: [{ action: 'reroute', target: 'worker-*:payments' }],
      why: 'the other network path has no delay.',
    },
  ],
}
