import type { Incident } from '#chaos/contracts/gameday/incident.ts'

export const aspen: Incident = {
  id: 'aspen',
  title: 'One API instance has a slow way to Postgres',
  story:
    'Replies of Postgres reach api-1 900 ms late. An order needs several statements, so half of the customers wait for seconds or time out. api-2 works.',
  faults: [
    { kind: 'latency', target: 'api-1:postgres', params: { latencyMs: 900 }, endedBy: ['reroute'] },
  ],
  cause: { place: 'api-1:postgres', kind: 'latency' },
  chain: [
    { place: 'api-1:postgres', seen: 'Each statement takes 900 ms.' },
    { place: 'api-1', seen: 'Requests wait for statements and for connections.' },
    { place: 'client:api-1', seen: 'Customers of this instance wait or time out.' },
  ],
  symptoms: ['About half of the requests are slow.', 'The other instance is fast.'],
  mitigations: [
    {
      actions: [{ action: 'stop', target: 'api-1' }],
      why: 'customers then use the instance that works.',
    },
    { actions: [{ action: 'reroute', target: 'api-1:postgres' }], why: 'the other path is fast.' },
  ],
}
