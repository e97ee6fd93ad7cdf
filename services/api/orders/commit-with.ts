import type { PoolClient, QueryResult } from 'pg'

import type { Database } from '#services/lib/database.ts'

import type { OrderTransaction } from '../seams.ts'

/** The same pool, but `commit` sends the COMMIT of each transaction on it. */
export function commitWith(
  database: Database,
  commit: (transaction: OrderTransaction) => Promise<void>,
): Database {
  return replaceMember(database, 'connect', async () => {
    const client = await database.connect()
    return replaceMember(client, 'query', async (...given: readonly unknown[]) =>
      given[0] === 'COMMIT'
        ? await commitBy(client, commit)
        : await (client.query.bind(client) as (...all: readonly unknown[]) => Promise<unknown>)(
            ...given,
          ),
    )
  })
}

async function commitBy(
  client: PoolClient,
  commit: (transaction: OrderTransaction) => Promise<void>,
): Promise<QueryResult> {
  let isSent = false
  let failure: unknown
  let reply: QueryResult | undefined
  try {
    await commit({
      query: client.query.bind(client),
      commit: async () => {
        isSent = true
        try {
          reply = await client.query('COMMIT')
        } catch (error) {
          failure = error
          throw error
        }
      },
    })
  } catch (error) {
    // The error of the COMMIT itself says what has happened. After any other one the order may be stored, and a failover may
    // keep it or lose it.
    if (isSent && error !== failure && !isRolledBack(reply))
      throw new Error('Query read timeout: the order may not be durable.', { cause: error })
    throw error
  }
  if (reply === undefined) throw new Error('The transaction of the order was not committed.')
  return reply
}

function isRolledBack(reply: QueryResult | undefined): boolean {
  return reply?.command === 'ROLLBACK'
}

function replaceMember<T extends object>(target: T, name: keyof T, member: unknown): T {
  return new Proxy(target, {
    get: (from, key) => {
      if (key === name) return member
      const value: unknown = Reflect.get(from, key, from)
      return typeof value === 'function' ? (value.bind(from) as unknown) : value
    },
  })
}
