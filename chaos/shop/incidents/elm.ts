import type { Incident } from '#chaos/contracts/gameday/incident.ts'

export const elm: Incident = {
  id: 'elm',
  title: 'A migration waits behind a long read',
  story:
    'A report reads the orders in a long transaction. ALTER TABLE waits behind the report, and every later statement on the table waits behind ALTER TABLE.',
  faults: [
    {
      kind: 'postgres-lock-queue',
      target: 'postgres',
      params: { table: 'orders' },
      application: 'report',
    },
  ],
  cause: { place: 'postgres', kind: 'postgres-lock-queue' },
  chain: [
    { place: 'postgres', seen: 'ALTER TABLE waits, and all others behind it.' },
    { place: 'api-*:postgres', seen: 'Statements on orders get no reply.' },
    { place: 'api-*', seen: 'All connections wait.' },
    { place: 'client:api-*', seen: 'Requests fail.' },
  ],
  symptoms: [
    'Orders and reads of orders fail.',
    'pg_stat_activity has an ALTER TABLE that waits for a lock, and a read that is old.',
  ],
  mitigations: [
    {
      actions: [{ action: 'end-session', target: 'postgres', session: 'ALTER TABLE' }],
      why: 'without ALTER TABLE, the read blocks no other statement.',
    },
    {
      actions: [{ action: 'end-session', target: 'postgres', session: 'pg_sleep' }],
      why: 'ALTER TABLE then gets its lock and ends.',
    },
  ],
}
