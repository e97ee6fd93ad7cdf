import { DatabaseError } from 'pg'
import type { Client } from 'pg'
import { Type } from 'typebox'

import { nameLengthMax } from '#chaos/contracts/max.ts'
import type { Clock } from '#chaos/lib/clock.ts'
import { formatDuration, parseDuration } from '#chaos/lib/duration.ts'

import { defineFault } from './lib/define-fault.ts'
import { injectAll } from './lib/inject-all.ts'
import { durationParameter, faultParameters } from './lib/parameters.ts'
import {
  connectPostgres,
  endConnection,
  endingOn,
  pidOf,
  quoted,
  withPostgres,
} from './lib/postgres.ts'

const lockNotAvailable = '55P03'
/** How long the read may wait for its own lock. */
const waitLimitMs = 5_000
const pollMs = 10

export const postgresLockQueue = defineFault({
  kind: 'postgres-lock-queue',
  description:
    'A long read holds a table, ALTER TABLE waits behind it, and every other statement on the table waits behind ALTER TABLE.',
  outside: 'A migration during a report, a backup or a forgotten transaction.',
  target: 'store',
  example: { target: 'postgres', params: { table: 'orders', readFor: '5s' } },
  stores: ['postgres'],
  params: faultParameters({
    table: Type.Optional(
      Type.String({
        minLength: 1,
        maxLength: nameLengthMax,
        description: 'The table; orders when absent.',
      }),
    ),
    readFor: Type.Optional(
      durationParameter('How long the read takes; until the fault is healed when absent.'),
    ),
    ddl: Type.Optional(
      Type.Boolean({
        description:
          'false: only the read, behind which the first ALTER TABLE of another session waits. true when absent.',
      }),
    ),
    lockTimeout: Type.Optional(
      durationParameter('The lock_timeout of ALTER TABLE; it waits without a limit when absent.'),
    ),
    retryAfter: Type.Optional(
      durationParameter(
        'ALTER TABLE comes back this long after its lock_timeout; it gives up when absent.',
      ),
    ),
  }),
  inject: (request, context) => {
    const { table = 'orders', readFor, ddl = true, lockTimeout, retryAfter } = request.params
    const url = context.runtime.addresses.databaseUrl
    const forMs = Math.min(
      request.leaseMs,
      readFor === undefined ? Infinity : parseDuration(readFor),
    )
    const parts = {
      clock: context.clock,
      url,
      table: quoted(table),
      forMs,
      leaseMs: request.leaseMs,
      lockTimeoutMs: lockTimeout === undefined ? 0 : parseDuration(lockTimeout),
      ...(retryAfter === undefined ? {} : { retryAfterMs: parseDuration(retryAfter) }),
    }
    let read: Session | undefined
    let alter: Session | undefined
    const injecting = injectAll({
      mechanism: `a read of ${table}${readFor === undefined ? '' : ` for ${formatDuration(forMs)}`}${ddl ? ', and ALTER TABLE behind it' : ''}`,
      targets: request.targets,
      signal: context.signal,
      ...(readFor === undefined ? {} : { lastsMs: forMs }),
      apply: async (_name, signal) => {
        read = await openSession(url, request.leaseMs)
        await startRead(read, parts, signal)
        if (!ddl) return
        alter = await openSession(url, request.leaseMs)
        await startAlter(alter, parts, signal)
      },
      heal: async () => {
        // ALTER TABLE first: while it waits, it must not get the lock.
        await alter?.end()
        await read?.end()
      },
    })
    return injecting.then((injected) => ({
      ...injected,
      work: () => ({ what: `the read of ${table}`, interrupted: read?.interrupted === true }),
    }))
  },
})

interface Parts {
  readonly clock: Clock
  readonly url: string
  readonly table: string
  readonly forMs: number
  readonly leaseMs: number
  /** 0: none. */
  readonly lockTimeoutMs: number
  readonly retryAfterMs?: number
}

/** A connection whose statement runs in the background. */
interface Session {
  readonly client: Client
  readonly pid: number
  /** Aborts when the fault is healed. */
  readonly ending: AbortSignal
  /** Another session ended the statement, or the connection. */
  interrupted: boolean
  /** True when the statement in the background has ended. */
  done: boolean
  end(): Promise<void>
}

async function openSession(url: string, leaseMs: number): Promise<Session> {
  // The lease lives in Postgres, which also notices during a statement that its client has died.
  const client = await connectPostgres(url, {
    options: `-c default_transaction_read_only=off -c statement_timeout=${Math.ceil(leaseMs) + 1_000} -c client_connection_check_interval=500`,
  })
  const pid = await pidOf(client)
  const ending = new AbortController()
  return {
    client,
    pid,
    ending: ending.signal,
    interrupted: false,
    done: false,
    end: async () => {
      ending.abort()
      await withPostgres(url, async (other) => await endConnection(other, pid))
      await client.end()
    },
  }
}

/** Returns when the read has its lock. */
async function startRead(read: Session, parts: Parts, signal: AbortSignal): Promise<void> {
  const { client, pid } = read
  const { url, table, forMs } = parts
  const begin = `SET lock_timeout = ${waitLimitMs}; BEGIN; LOCK TABLE ${table} IN ACCESS SHARE MODE`
  await endingOn(signal, { url, pid }, client.query(begin))
  void inBackground(read, async () => {
    await client.query(`SELECT count(*), pg_sleep(${forMs / 1_000}) FROM ${table}; COMMIT`)
  })
}

/** Returns when ALTER TABLE waits for its lock, or has ended. */
async function startAlter(alter: Session, parts: Parts, signal: AbortSignal): Promise<void> {
  const { client } = alter
  const { clock, table, lockTimeoutMs, retryAfterMs } = parts
  await client.query(`SET lock_timeout = ${Math.ceil(lockTimeoutMs)}`)
  const untilDone = async (): Promise<void> => {
    for (;;) {
      try {
        // Rolled back: it only takes the lock.
        await client.query(`BEGIN; ALTER TABLE ${table} ADD COLUMN added_later integer; ROLLBACK`)
        return
      } catch (error) {
        if (!(error instanceof DatabaseError) || error.code !== lockNotAvailable) throw error
        await client.query('ROLLBACK')
        if (retryAfterMs === undefined) return
        await clock.sleep(retryAfterMs, alter.ending)
      }
    }
  }
  void inBackground(alter, untilDone)
  await withPostgres(parts.url, async (other) => {
    while (!alter.done && !(await waits(other, alter.pid))) await clock.sleep(pollMs, signal)
  })
}

async function waits(other: Client, pid: number): Promise<boolean> {
  const { rowCount } = await other.query(`SELECT FROM pg_locks WHERE pid = $1 AND NOT granted`, [
    pid,
  ])
  return rowCount !== 0
}

async function inBackground(session: Session, work: () => Promise<void>): Promise<void> {
  try {
    await work()
  } catch {
    session.interrupted = !session.ending.aborted
  } finally {
    session.done = true
    // Its locks end with it.
    if (!session.ending.aborted) await session.client.end().catch(() => {})
  }
}
