import type { Incident } from '#chaos/contracts/gameday/incident.ts'

export const larch: Incident = {
  id: 'larch',
  title: 'A release of the workers does not start',
  story:
    'The new version of the workers refuses its own setting and ends at its start. The supervisor starts it again and again. The API accepts orders that no worker processes.',
  notice: 'Release 319 of the workers is being rolled out.',
  faults: [
    {
      kind: 'deploy',
      target: 'worker-*',
      params: { environment: { WORKER_CONCURRENCY: 'many' }, strategy: 'all-at-once' },
      endedBy: ['rollback'],
    },
  ],
  cause: { place: 'worker-*', kind: 'deploy' },
  chain: [
    { place: 'worker-*', seen: 'The processes end at their start.' },
    { place: 'postgres', seen: 'The outbox and unpaid orders grow.' },
  ],
  symptoms: [
    'Both workers are down and start again and again.',
    'Orders are accepted and not paid.',
  ],
  mitigations: [
    { actions: [{ action: 'rollback', target: 'worker-*' }], why: 'the earlier version starts.' },
    {
      actions: [{ action: 'set', target: 'worker-*', settings: { WORKER_CONCURRENCY: '8' } }],
      why: 'a setting with which it starts.',
    },
  ],
}
