import { DatabaseError } from 'pg'
import type { Pool, PoolClient } from 'pg'

/** A pool of connections. */
export type Database = Pool

/** Runs one statement: the pool, or a transaction. */
export type Queryable = Pick<Pool, 'query'>

/** One connection between BEGIN and COMMIT. */
export type Transaction = Pick<PoolClient, 'query'>

/**
 * True if the server itself rejected the statement: the server is alive and has rolled the
 * statement back.
 */
export function isStatementError(error: unknown): error is DatabaseError {
  return error instanceof DatabaseError && error.severity === 'ERROR'
}

/** True if the server refused a write because it only reads, as a former primary after a failover. */
export function isReadOnly(error: unknown): boolean {
  return sqlState(error) === '25006'
}

/** SQLSTATE of an error that the server sent, such as `40001`. */
export function sqlState(error: unknown): string | undefined {
  return error instanceof DatabaseError ? error.code : undefined
}
