import type { Incident } from '#chaos/contracts/gameday/incident.ts'

export const maple: Incident = {
  id: 'maple',
  title: 'The workers do not reach the queue',
  story:
    'No data passes between the workers and Redis. Nothing is closed, so the workers look healthy. Jobs wait.',
  faults: [{ kind: 'partition', target: 'worker-*:redis', endedBy: ['reroute'] }],
  cause: { place: 'worker-*:redis', kind: 'partition' },
  chain: [
    { place: 'worker-*:redis', seen: 'Commands have no reply.' },
    { place: 'worker-*', seen: 'No job is taken.' },
    { place: 'postgres', seen: 'The outbox and unpaid orders grow.' },
  ],
  symptoms: ['Unpaid orders grow.', 'Payments receives no requests.'],
  mitigations: [
    { actions: [{ action: 'reroute', target: 'worker-*:redis' }], why: 'the other path works.' },
  ],
}
