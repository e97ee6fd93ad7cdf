import { Client } from 'pg'
import type { ClientConfig } from 'pg'

import { systemClock } from '#chaos/lib/clock.ts'

const connectLimitMs = 5_000

/** The faults recognise their own connections by this name and do not end them. */
export const applicationName = 'chaos-fault'

/**
 * A direct connection to Postgres that uses no link and may write even when the database is read-only. `settings` replace the
 * defaults.
 */
export async function connectPostgres(url: string, settings: ClientConfig = {}): Promise<Client> {
  const client = new Client({
    connectionString: url,
    application_name: applicationName,
    connectionTimeoutMillis: connectLimitMs,
    options: '-c default_transaction_read_only=off',
    ...settings,
  })
  // Without a listener, a connection that the server ends would end this process too.
  client.on('error', () => {})
  await client.connect()
  return client
}

export async function withPostgres<T>(
  url: string,
  work: (client: Client) => Promise<T>,
  settings: ClientConfig = {},
): Promise<T> {
  const client = await connectPostgres(url, settings)
  try {
    return await work(client)
  } finally {
    // A server that is frozen never closes the connection.
    const over = new AbortController()
    const tooLong = systemClock.sleep(connectLimitMs, over.signal).catch(() => undefined)
    await Promise.race([client.end(), tooLong])
    over.abort()
  }
}

/**
 * A connection that is still starting has no role with which it could be ended, and neither has an autovacuum: Postgres would refuse
 * the whole statement.
 */
export const endConnectionsSql = `SELECT count(pg_terminate_backend(pid))::integer AS ended FROM pg_stat_activity
  WHERE datname = current_database() AND backend_type = 'client backend' AND usesysid IS NOT NULL
    AND pid <> pg_backend_pid() AND application_name NOT LIKE 'chaos-%' AND application_name <> 'truth'`

/** Ends every connection of the shop. Returns how many it ended. */
export async function endConnections(client: Client): Promise<number> {
  const result = await client.query<{ ended: number }>(endConnectionsSql)
  return result.rows[0]?.ended ?? 0
}

/** The number of the connection's process in the server. */
export async function pidOf(client: Client): Promise<number> {
  const { rows } = await client.query<{ pid: number }>('SELECT pg_backend_pid() AS pid')
  return rows[0]?.pid ?? 0
}

/** Ends the connection of this process. */
export async function endConnection(client: Client, pid: number): Promise<void> {
  await client.query('SELECT pg_terminate_backend($1)', [pid])
}

/** Ends the connection when the signal aborts: a process that waits for a lock does not notice that its client is gone. */
export async function endingOn(
  signal: AbortSignal,
  { url, pid }: { readonly url: string; readonly pid: number },
  work: Promise<unknown>,
): Promise<void> {
  const giveUp = (): void =>
    void withPostgres(url, async (other) => await endConnection(other, pid)).catch(() => {})
  signal.addEventListener('abort', giveUp, { once: true })
  try {
    await work
  } finally {
    signal.removeEventListener('abort', giveUp)
  }
}

/** `orders` as an SQL identifier. */
export function quoted(name: string): string {
  return `"${name.replaceAll('"', '""')}"`
}
