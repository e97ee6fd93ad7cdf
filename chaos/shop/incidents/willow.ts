import type { Incident } from '#chaos/contracts/gameday/incident.ts'

export const willow: Incident = {
  id: 'willow',
  title: 'A nightly report',
  story:
    'A report reads the orders in one long transaction. A read blocks no other statement here. Nothing is wrong.',
  notice: 'The nightly report has started.',
  faults: [
    {
      kind: 'postgres-lock-queue',
      target: 'postgres',
      params: { table: 'orders', ddl: false },
      application: 'report',
    },
  ],
  cause: null,
  chain: [],
  symptoms: ['pg_stat_activity has an old transaction.'],
  mitigations: [],
}
