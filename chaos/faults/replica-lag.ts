import { parseDuration } from '#chaos/lib/duration.ts'

import { defineFault } from './lib/define-fault.ts'
import { injectAll } from './lib/inject-all.ts'
import { durationParameter, faultParameters } from './lib/parameters.ts'
import { runAfterLease } from './lib/postgres-lease.ts'
import type { PostgresLease } from './lib/postgres-lease.ts'
import { withPostgres } from './lib/postgres.ts'
import { holdReplica } from './lib/replica.ts'
import type { Replica } from './lib/replica.ts'

const setting = 'recovery_min_apply_delay'

export const replicaLag = defineFault({
  kind: 'replica-lag',
  description:
    'The replica stays behind its primary: it shows each commit only after a fixed time. Starts the replica if it does not run.',
  outside: 'A replica that is too slow for a burst of writes, or waits for a long query.',
  target: 'store',
  example: { target: 'postgres', params: { lag: '5s' } },
  stores: ['postgres'],
  onReplicas: true,
  params: faultParameters({
    lag: durationParameter('How far the replica stays behind its primary.'),
  }),
  inject: (request, context) => {
    const { runtime, signal } = context
    const { targets, leaseMs, params } = request
    const lagMs = Math.ceil(parseDuration(params.lag))
    const replicas = new Map<string, Replica>()
    const leases = new Map<string, PostgresLease>()
    return injectAll({
      mechanism: `${setting} = ${lagMs} ms on the replica`,
      targets,
      signal,
      apply: async (target) => {
        const replica = await holdReplica(context, request, target, true)
        replicas.set(target, replica)
        const url = runtime.addresses.storeUrl(replica.store.name)
        // The lease lives in the replica: it ends the lag even if the controller dies.
        leases.set(target, await runAfterLease(url, leaseMs, resetLag))
        await withPostgres(url, async (client) => {
          await client.query(`ALTER SYSTEM SET ${setting} = ${lagMs}`)
          await client.query('SELECT pg_reload_conf()')
        })
      },
      heal: async (target) => {
        const replica = replicas.get(target)
        if (replica === undefined) return
        await withPostgres(runtime.addresses.storeUrl(replica.store.name), async (client) => {
          await leases.get(target)?.end(client)
          for (const sql of resetLag) await client.query(sql)
        })
        await replica.release()
      },
    })
  },
})

const resetLag = [`ALTER SYSTEM RESET ${setting}`, 'SELECT pg_reload_conf()']
