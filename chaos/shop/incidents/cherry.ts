import type { Incident } from '#chaos/contracts/gameday/incident.ts'

export const cherry: Incident = {
  id: 'cherry',
  title: 'A session holds a lock on the orders',
  story:
    'A session has locked the table of orders and does nothing more: a migration in a terminal that is still open. Every order and every payment waits for it.',
  faults: [
    {
      kind: 'postgres-lock',
      target: 'postgres',
      params: { table: 'orders', blocks: 'writes' },
      application: 'psql',
    },
  ],
  cause: { place: 'postgres', kind: 'postgres-lock' },
  chain: [
    { place: 'postgres', seen: 'Sessions wait for a lock on orders.' },
    { place: 'api-*:postgres', seen: 'INSERT orders gets no reply.' },
    { place: 'api-*', seen: 'Connections are in use until requests time out.' },
    { place: 'client:api-*', seen: 'Orders fail; browsing may work.' },
  ],
  symptoms: [
    'Orders fail or time out.',
    'Reads work.',
    'pg_stat_activity has one session that is idle in transaction.',
  ],
  mitigations: [
    {
      actions: [{ action: 'end-session', target: 'postgres', session: 'LOCK TABLE' }],
      why: 'its lock ends with the session.',
    },
  ],
}
