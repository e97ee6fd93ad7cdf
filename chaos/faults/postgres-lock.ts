import type { Client } from 'pg'
import { Type } from 'typebox'

import { defineFault } from './lib/define-fault.ts'
import { closed } from './lib/parameters.ts'
import { connectPostgres, quoted } from './lib/postgres.ts'
import { injectAll } from './lib/undo.ts'

const waitLimitMs = 5_000

const modes = { writes: 'EXCLUSIVE', everything: 'ACCESS EXCLUSIVE' } as const

export const postgresLock = defineFault({
  kind: 'postgres-lock',
  description: 'Somebody holds a lock on a table, as a migration does: whoever needs it waits.',
  target: 'store',
  stores: ['postgres'],
  params: Type.Object(
    {
      table: Type.Optional(Type.String({ minLength: 1, description: 'orders when absent.' })),
      blocks: Type.Optional(
        Type.Enum(['writes', 'everything'], {
          description: 'writes lets readers go on; everything stops them too. writes when absent.',
        }),
      ),
    },
    closed,
  ),
  inject: (order, context) => {
    const { table = 'orders', blocks = 'writes' } = order.params
    let holder: Client | undefined
    return injectAll({
      mechanism: `LOCK TABLE ${table} IN ${modes[blocks]} MODE`,
      targets: order.targets,
      signal: context.signal,
      apply: async () => {
        holder = await connectPostgres(context.runtime.addresses.databaseUrl)
        // The lease lives in Postgres: it ends this session, and with it the lock, whoever died.
        await holder.query(
          `SET idle_in_transaction_session_timeout = ${Math.ceil(order.leaseMs)};
           SET lock_timeout = ${waitLimitMs}; BEGIN; LOCK TABLE ${quoted(table)} IN ${modes[blocks]} MODE`,
        )
      },
      undo: async () => {
        await holder?.end()
      },
    })
  },
})
