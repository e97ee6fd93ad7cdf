import type { Socket } from 'node:net'

import type { Client } from 'pg'

import { connectPostgres, endConnection, pidOf } from './postgres.ts'

/** What node-postgres sends the messages of the protocol with. Its types do not include it. */
interface Messages {
  readonly stream: Socket
  query(text: string): void
  parse(query: { readonly text: string }): void
  bind(config: Record<string, never>): void
  execute(config: Record<string, never>): void
  sync(): void
}

export interface PostgresLease {
  /** Ends the lease: the statements do not run. */
  end(client: Client): Promise<void>
}

/**
 * Lets Postgres run these statements when the lease ends, even if this process has died. A connection of its own sends everything
 * now: one statement that sleeps, then the others as one group. Postgres reads the group when the sleep ends, and responds only
 * after the group, so a lost client does not stop it. Only the first statement may be one that a transaction cannot contain,
 * such as ALTER SYSTEM.
 */
export async function runAfterLease(
  url: string,
  leaseMs: number,
  statements: readonly string[],
): Promise<PostgresLease> {
  const sleeper = await connectPostgres(url)
  const pid = await pidOf(sleeper)
  const { connection } = sleeper as unknown as { readonly connection: Messages }
  const { stream } = connection
  // From here on, no query of the client waits for what arrives.
  stream.removeAllListeners('data')
  stream.on('data', () => undefined)
  stream.unref()
  connection.query(`SELECT pg_sleep(${leaseMs / 1_000})`)
  for (const text of statements) {
    connection.parse({ text })
    connection.bind({})
    connection.execute({})
  }
  connection.sync()
  return {
    end: async (client) => {
      await endConnection(client, pid)
      stream.destroy()
    },
  }
}
