import type { Incident } from '#chaos/contracts/gameday/incident.ts'

export const oak: Incident = {
  id: 'oak',
  title: 'Redis is frozen',
  story:
    'The process of Redis does not run any more, and its connections stay open. Cache, rate limit and queue wait at the same time.',
  faults: [{ kind: 'pause', target: 'redis' }],
  cause: { place: 'redis', kind: 'pause' },
  chain: [
    { place: 'redis', seen: 'It answers nothing.' },
    { place: 'worker-*:redis', seen: 'Commands have no reply.' },
    { place: 'worker-*', seen: 'No job is taken.' },
    { place: 'postgres', seen: 'The outbox and unpaid orders grow.' },
  ],
  symptoms: ['Everything that uses the cache is slow.', 'No job is processed.'],
  mitigations: [
    { actions: [{ action: 'restart', target: 'redis' }], why: 'a new process answers.' },
  ],
}
