import type { DatabaseConfig } from './config/database-config.ts'
import type { Database } from './database.ts'
import type { OrderMessage } from './order-message.ts'
import type { Log } from './start/log.ts'

/**
 * Creates the pool of connections to Postgres. The pool must survive every failure of the server
 * and of the network.
 */
export type DatabasePool = (config: DatabaseConfig, log: Log) => Database

/** What a graceful shutdown can use. */
export interface Leaving {
  /** From now on /health/ready reports false. The server still serves new requests. */
  becomeUnready(): void
  /** How long load balancers may take to notice it. */
  readonly leaveBalancerMs: number
  /** Accepts no new connections. Resolves when every request in progress has its response. */
  drainRequests(): Promise<void>
  /** Takes no new jobs. Resolves when the jobs in progress are done. */
  drainJobs(): Promise<void>
  /** Limit for these two together. */
  readonly graceMs: number
  /** Ends the remaining work and closes all connections. The process exits afterwards. */
  close(): Promise<void>
  sleep(milliseconds: number): Promise<void>
  readonly log: Log
}

/** Called once, on SIGTERM. */
export type Shutdown = (service: Leaving) => Promise<void>

/**
 * Writes the message to the worker about an order. During a deploy, workers of the previous version
 * also read it, and workers of the next version read what is still in the queue.
 */
export type WriteOrderMessage = (order: {
  readonly id: string
  readonly amountCents: number
}) => OrderMessage

/** Seams that the API and the worker share, by name. */
export interface LibSeams {
  readonly 'database-pool': DatabasePool
  readonly shutdown: Shutdown
  readonly 'write-order-message': WriteOrderMessage
}
