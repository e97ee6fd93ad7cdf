import type { Incident } from '#chaos/contracts/gameday/incident.ts'

export const beech: Incident = {
  id: 'beech',
  title: 'Payments answers with errors',
  story:
    'The entry of payments answers every charge with 503. The workers retry with backoff, so orders stay unpaid although payments itself works.',
  faults: [
    {
      kind: 'http-error',
      target: 'worker-*:payments',
      params: { status: 503 },
      endedBy: ['reroute'],
    },
  ],
  cause: { place: 'worker-*:payments', kind: 'http-error' },
  chain: [
    { place: 'worker-*:payments', seen: 'Requests receive 503.' },
    { place: 'worker-*', seen: 'Jobs fail and are delayed.' },
    { place: 'redis', seen: 'Delayed jobs pile up.' },
    { place: 'postgres', seen: 'Orders stay unpaid.' },
  ],
  symptoms: [
    'Delayed jobs grow.',
    'The logs of the workers contain failed charges.',
    'Payments reports that it is ready.',
  ],
  mitigations: [
    {
      actions: [{ action: 'reroute', target: 'worker-*:payments' }],
      why: 'the other path leads to an entry that works.',
    },
  ],
}
