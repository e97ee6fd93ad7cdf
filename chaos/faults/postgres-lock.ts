import type { Client } from 'pg'
import { Type } from 'typebox'

import { nameLengthMax } from '#chaos/contracts/max.ts'

import { defineFault } from './lib/define-fault.ts'
import { injectAll } from './lib/inject-all.ts'
import { faultParameters } from './lib/parameters.ts'
import { connectPostgres, endingOn, pidOf, quoted } from './lib/postgres.ts'

const waitLimitMs = 5_000

const modes = { writes: 'EXCLUSIVE', everything: 'ACCESS EXCLUSIVE' } as const

export const postgresLock = defineFault({
  kind: 'postgres-lock',
  description:
    'A connection holds a lock on a table, as a migration does: every statement that needs the table waits.',
  outside: 'A migration at noon, a forgotten BEGIN in a terminal.',
  target: 'store',
  example: { target: 'postgres', params: { table: 'orders', blocks: 'writes' } },
  stores: ['postgres'],
  params: faultParameters({
    table: Type.Optional(
      Type.String({
        minLength: 1,
        maxLength: nameLengthMax,
        description: 'The table; orders when absent.',
      }),
    ),
    blocks: Type.Optional(
      Type.Enum(['writes', 'everything'], {
        description:
          'writes blocks writers only; everything blocks readers too. writes when absent.',
      }),
    ),
  }),
  inject: (request, context) => {
    const { table = 'orders', blocks = 'writes' } = request.params
    const url = context.runtime.addresses.databaseUrl
    let holder: Client | undefined
    return injectAll({
      mechanism: `LOCK TABLE ${table} IN ${modes[blocks]} MODE`,
      targets: request.targets,
      signal: context.signal,
      apply: async (_name, signal) => {
        holder = await connectPostgres(url)
        await lock(holder, { table, mode: modes[blocks], leaseMs: request.leaseMs, url, signal })
      },
      heal: async () => {
        await holder?.end()
      },
    })
  },
})

interface Lock {
  readonly table: string
  readonly mode: string
  readonly leaseMs: number
  readonly url: string
  readonly signal: AbortSignal
}

async function lock(holder: Client, { table, mode, leaseMs, url, signal }: Lock): Promise<void> {
  const pid = await pidOf(holder)
  // The lease lives in Postgres: it ends this connection and its lock, even if the controller dies.
  const sql = `SET idle_in_transaction_session_timeout = ${Math.ceil(leaseMs)};
    SET lock_timeout = ${waitLimitMs}; BEGIN; LOCK TABLE ${quoted(table)} IN ${mode} MODE`
  await endingOn(signal, { url, pid }, holder.query(sql))
}
