import { Type } from 'typebox'

import { defineFault } from './lib/define-fault.ts'
import { injectAll } from './lib/inject-all.ts'
import { closed } from './lib/parameters.ts'
import { endSessions, withPostgres } from './lib/postgres.ts'

export const postgresKillConnections = defineFault({
  kind: 'postgres-kill-connections',
  description: 'Postgres ends every session of the shop, as an administrator or a failover does.',
  outside: 'A failover, a restart of the pooler, an administrator.',
  target: 'store',
  example: { target: 'postgres', params: {} },
  stores: ['postgres'],
  params: Type.Object({}, closed),
  inject: (order, context) => {
    let ended = 0
    return injectAll({
      mechanism: 'pg_terminate_backend',
      describe: () => ({ mechanism: `pg_terminate_backend on ${ended} sessions`, hit: ended }),
      targets: order.targets,
      signal: context.signal,
      apply: async () => {
        ended = await withPostgres(context.runtime.addresses.databaseUrl, endSessions)
      },
      undo: async () => {},
    })
  },
})
