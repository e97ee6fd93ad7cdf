import { defineFault } from './lib/define-fault.ts'
import { injectAll } from './lib/inject-all.ts'
import { faultParameters } from './lib/parameters.ts'
import { endConnections, withPostgres } from './lib/postgres.ts'

export const postgresKillConnections = defineFault({
  kind: 'postgres-kill-connections',
  description:
    'Postgres ends every connection of the shop, as an administrator or a failover does.',
  outside: 'A failover, a restart of the pooler, an administrator.',
  target: 'store',
  example: { target: 'postgres', params: {} },
  stores: ['postgres'],
  params: faultParameters({}),
  inject: (request, context) => {
    let ended = 0
    return injectAll({
      mechanism: 'pg_terminate_backend',
      describe: () => ({ mechanism: `pg_terminate_backend on ${ended} connections`, hit: ended }),
      targets: request.targets,
      signal: context.signal,
      apply: async () => {
        ended = await withPostgres(context.runtime.addresses.databaseUrl, endConnections)
      },
      heal: async () => {},
    })
  },
})
