import path from 'node:path'

import { databaseUrl, operatorOf, reservedConnections } from '../../database-url.ts'
import type { SpawnRequest } from '../keeper/keeper-requests.ts'
import type { PostgresBinaries } from './postgres-binaries.ts'
import type { StoreUser } from './store-user.ts'

/**
 * How to start Postgres on a data folder. fsync is off: faults kill processes, and the kernel keeps
 * what a dead process has written. Only a power failure could lose a commit, and it also ends the
 * sandbox.
 */
export function postgresCommand(options: {
  readonly name: string
  readonly binaries: PostgresBinaries
  readonly dataFolder: string
  readonly port: number
  readonly logFile: string
  readonly user: StoreUser | undefined
  readonly environment: Readonly<Record<string, string>>
  /** It is a replica, even after its promotion. */
  readonly isReplica?: boolean
}): SpawnRequest {
  const settings: Readonly<Record<string, string | number>> = {
    listen_addresses: '127.0.0.1',
    port: options.port,
    unix_socket_directories: '',
    max_connections: 200,
    reserved_connections: reservedConnections,
    shared_buffers: '64MB',
    fsync: 'off',
    full_page_writes: 'off',
    // A replica may copy it at any time. Without a replica this costs some bytes of write-ahead log per commit, and one record
    // every 15 seconds while there are writes.
    wal_level: 'replica',
    max_wal_senders: 4,
    max_replication_slots: 0,
    // A replica that was down for a while still finds what it has not received.
    wal_keep_size: '64MB',
    // A replica that has lost its primary tries again soon.
    wal_retrieve_retry_interval: '200ms',
    wal_receiver_status_interval: '1s',
    // Only of a replica. Otherwise a long statement there, such as the lease of a fault, stops the log when the primary
    // removes a row that the statement can see.
    hot_standby_feedback: 'on',
    // No commit waits for a replica, except in a transaction that asks for it.
    synchronous_commit: 'local',
    // Such a transaction waits for any replica. A promoted replica has none, so nothing waits there.
    synchronous_standby_names: options.isReplica === true ? '' : '*',
    // The checks need to know when a price or a stock became visible, not only when it was written.
    track_commit_timestamp: 'on',
    // In the data folder: segments in /dev/shm stay after a SIGKILL.
    dynamic_shared_memory_type: 'mmap',
    io_method: 'sync',
    jit: 'off',
    timezone: 'UTC',
    log_timezone: 'UTC',
    log_line_prefix: '%m [%p] ',
  }
  return {
    name: options.name,
    command: path.join(options.binaries.folder, 'bin', 'postgres'),
    args: [
      '-D',
      options.dataFolder,
      ...Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]),
    ],
    environment: options.environment,
    cwd: options.dataFolder,
    ...options.user,
    logFile: options.logFile,
    ownFolder: options.dataFolder,
  }
}

/** Connection string of a Postgres on this machine, as the services use it. */
export function databaseUrlAt(port: number, name: string): string {
  return databaseUrl(`127.0.0.1:${port}`, name)
}

/** The same with the operator: Postgres keeps connections free for that user. */
export function operatorUrlAt(port: number, name: string): string {
  return databaseUrl(`127.0.0.1:${port}`, name, operatorOf(name))
}
