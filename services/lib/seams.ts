import type { DatabaseConfig } from './config/database-config.ts'
import type { Database } from './database.ts'
import type { OrderMessage } from './order-message.ts'
import type { Log } from './start/log.ts'

/** Makes the pool of connections to Postgres. It must survive whatever happens to the server and to the network. */
export type DatabasePool = (config: DatabaseConfig, log: Log) => Database

/** What leaving in good order can make use of. */
export interface Leaving {
  /** From now on /health/ready says no. New requests are still served. */
  becomeUnready(): void
  /** Until balancers have seen it. */
  readonly leaveBalancerMs: number
  /** Takes no new connections; resolves when every request in progress has been answered. */
  drainRequests(): Promise<void>
  /** Takes no new jobs; resolves when those in progress are done. */
  drainJobs(): Promise<void>
  /** How long the two may take together. */
  readonly graceMs: number
  /** Ends what is left, closes the connections to everything. The process exits afterwards. */
  close(): Promise<void>
  sleep(milliseconds: number): Promise<void>
  readonly log: Log
}

/** Called once, on SIGTERM. */
export type Shutdown = (service: Leaving) => Promise<void>

/**
 * Writes what a worker is told about an order. During a deploy, workers of the version before read it too, and those of the
 * version after read what we have written.
 */
export type WriteOrderMessage = (order: {
  readonly id: string
  readonly amountCents: number
}) => OrderMessage

/** Seams that api and worker share, by name. */
export interface LibSeams {
  readonly 'database-pool': DatabasePool
  readonly shutdown: Shutdown
  readonly 'write-order-message': WriteOrderMessage
}
