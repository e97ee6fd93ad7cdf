import type { Incident } from '#chaos/contracts/gameday/incident.ts'

export const hazel: Incident = {
  id: 'hazel',
  title: 'A release of the workers contains a deadline in the wrong unit',
  story:
    'The new version of the workers has a deadline of 3 ms for payments instead of 3 s. Each charge is given up before its reply can arrive.',
  notice: 'Release 318 of the workers is being rolled out.',
  faults: [
    {
      kind: 'deploy',
      target: 'worker-*',
      params: { environment: { PAYMENTS_DEADLINE_MS: '3' } },
      endedBy: ['rollback'],
    },
  ],
  cause: { place: 'worker-*', kind: 'deploy' },
  chain: [
    { place: 'worker-*', seen: 'Charges are given up at once.' },
    { place: 'redis', seen: 'Jobs are delayed and tried again.' },
    { place: 'postgres', seen: 'Orders stay unpaid.' },
  ],
  symptoms: ['Orders stay unpaid since the release.', 'Payments is fast.'],
  mitigations: [
    {
      actions: [{ action: 'rollback', target: 'worker-*' }],
      why: 'the earlier version has the right deadline.',
    },
    {
      actions: [{ action: 'set', target: 'worker-*', settings: { PAYMENTS_DEADLINE_MS: '1200' } }],
      why: 'the right deadline.',
    },
  ],
}
