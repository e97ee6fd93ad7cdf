import type { PoolClient } from 'pg'

import { isReadOnly, isStatementError } from './database.ts'
import type { Database, Transaction } from './database.ts'
import { Refusal } from './refusal.ts'

export type Isolation = 'READ COMMITTED' | 'REPEATABLE READ' | 'SERIALIZABLE'

const rolledBack = new WeakSet<object>()

/**
 * Runs `work` between BEGIN and COMMIT on one connection. Rejects with the error. {@link
 * wasRolledBack} then says whether it is certain that nothing was stored. It is not certain when
 * COMMIT was sent and its reply never arrived.
 */
export async function inTransaction<T>(
  database: Database,
  work: (transaction: Transaction) => Promise<T>,
  isolation?: Isolation,
): Promise<T> {
  const client = await database.connect().catch((error: unknown) => {
    throw surelyNothing(error)
  })
  let committing = false
  try {
    await client.query(isolation === undefined ? 'BEGIN' : `BEGIN ISOLATION LEVEL ${isolation}`)
    const result = await work(client)
    committing = true
    const { command } = await client.query('COMMIT')
    // Postgres replies to the COMMIT of a failed transaction with ROLLBACK, and without an error.
    if (command !== 'COMMIT') throw surelyNothing(new Error('The transaction was rolled back.'))
    client.release()
    return result
  } catch (error) {
    if (!committing || isStatementError(error)) surelyNothing(error)
    await giveBack(client, error)
    throw error
  }
}

/** True if the error comes from a transaction that certainly stored nothing. */
export function wasRolledBack(error: unknown): boolean {
  return typeof error === 'object' && error !== null && rolledBack.has(error)
}

function surelyNothing(error: unknown): unknown {
  if (typeof error === 'object' && error !== null) rolledBack.add(error)
  return error
}

/**
 * A connection returns to the pool clean or not at all: otherwise the next user would get its
 * leftovers.
 */
async function giveBack(client: PoolClient, error: unknown): Promise<void> {
  // After a rejection by the server the connection is clean. After any other error (a timeout, a
  // reset) the old statement may still run on it, and a ROLLBACK would wait behind it. A read-only
  // server is no longer the primary: a new connection finds the new one.
  if (isReadOnly(error) || (!isStatementError(error) && !(error instanceof Refusal)))
    return client.release(true)
  try {
    await client.query('ROLLBACK')
    client.release()
  } catch {
    client.release(true)
  }
}
