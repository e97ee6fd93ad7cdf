import type { Incident } from '#chaos/contracts/gameday/incident.ts'

export const birch: Incident = {
  id: 'birch',
  title: 'Payments is frozen',
  story:
    'The process of payments does not run any more. Its connections stay open, so every caller waits until its own deadline. No error says what is wrong.',
  faults: [{ kind: 'pause', target: 'payments' }],
  cause: { place: 'payments', kind: 'pause' },
  chain: [
    { place: 'payments', seen: 'It answers nothing, not even its health check.' },
    { place: 'worker-*:payments', seen: 'Requests wait until their deadline.' },
    { place: 'worker-*', seen: 'Jobs fail and are delayed.' },
    { place: 'postgres', seen: 'Orders stay unpaid.' },
  ],
  symptoms: [
    'Payments is not ready, and it did not end.',
    'Charges end with timeouts.',
    'Unpaid orders grow.',
  ],
  mitigations: [
    { actions: [{ action: 'restart', target: 'payments' }], why: 'a new process answers.' },
  ],
}
