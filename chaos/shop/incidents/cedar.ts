import type { Incident } from '#chaos/contracts/gameday/incident.ts'

export const cedar: Incident = {
  id: 'cedar',
  title: 'The cache is slow for every API instance',
  story:
    'Every reply of Redis reaches the API 900 ms late. The shop reads its cache before each product page, so a cache that should help makes every page slow.',
  faults: [
    { kind: 'latency', target: 'api-*:redis', params: { latencyMs: 900 }, endedBy: ['reroute'] },
  ],
  cause: { place: 'api-*:redis', kind: 'latency' },
  chain: [
    { place: 'api-*:redis', seen: 'Replies take 900 ms.' },
    { place: 'api-*', seen: 'Each request waits for the cache.' },
    { place: 'client:api-*', seen: 'Product pages are slow.' },
  ],
  symptoms: ['Browse requests are slow on both instances.', 'Postgres is fast.'],
  mitigations: [
    { actions: [{ action: 'reroute', target: 'api-*:redis' }], why: 'the other path is fast.' },
  ],
}
