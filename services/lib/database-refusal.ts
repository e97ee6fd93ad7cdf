import { sqlState } from './database.ts'
import { Refusal } from './refusal.ts'
import { wasRolledBack } from './transaction.ts'

/**
 * Turns a database error into a response for the caller: retry later, and whether it is certain
 * that nothing happened.
 */
export function databaseRefusal(error: unknown): Refusal | undefined {
  const definite = wasRolledBack(error)
  if (!isTransientDatabaseError(error))
    return definite
      ? new Refusal('internal', 'Something went wrong.', { status: 500, definite, cause: error })
      : undefined
  return new Refusal('database-unavailable', 'The database is not available. Try again later.', {
    status: 503,
    definite,
    retryAfterSeconds: 1,
    cause: error,
  })
}

/**
 * True for errors that may go away: resources, locks, cancellations, shutdowns, lost connections,
 * timeouts.
 */
export function isTransientDatabaseError(error: unknown): boolean {
  const state = sqlState(error)
  if (state !== undefined) return /^(08|25|40|53|55|57)/.test(state)
  if (!(error instanceof Error)) return false
  return (
    'syscall' in error || transientConnectionErrors.some((text) => error.message.startsWith(text))
  )
}

/** True if the connection is gone, or none could be opened: the session and its transaction have ended. */
export function isLostConnection(error: unknown): boolean {
  const state = sqlState(error)
  return state === undefined ? isTransientDatabaseError(error) : /^(08|53|57P)/.test(state)
}

/** pg has no error class for these. */
const transientConnectionErrors = [
  'Connection terminated',
  'Query read timeout',
  'timeout exceeded when trying to connect',
  'Client has encountered a connection error',
  'Client was closed',
]
