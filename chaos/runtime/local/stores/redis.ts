import type { SpawnRequest } from '../keeper/keeper-requests.ts'
import type { RedisBinary } from './redis-binary.ts'
import type { StoreUser } from './store-user.ts'

/**
 * Every user of the machine reaches the port. In Redis 6, CONFIG SET writes a file of any name with
 * our rights, and MODULE LOAD runs a library. Later versions protect both. The shop needs neither.
 */
const removed = ['CONFIG', 'MODULE'] as const

/**
 * How to start Redis on a data folder. It appends each command to its file before it answers, and
 * never evicts: BullMQ keeps jobs in it. Without `durable` it loses everything when it dies, like a
 * Redis that is set up as a cache.
 */
export function redisCommand(options: {
  readonly name: string
  readonly binary: RedisBinary
  readonly dataFolder: string
  readonly port: number
  readonly logFile: string
  readonly durable: boolean
  /** Port of the store whose data it receives. Absent: it is not a replica. */
  readonly primaryPort?: number
  readonly user: StoreUser | undefined
  readonly environment: Readonly<Record<string, string>>
}): SpawnRequest {
  const settings: readonly [string, string][] = [
    ['--port', String(options.port)],
    ['--bind', '127.0.0.1'],
    ['--dir', options.dataFolder],
    ['--appendonly', options.durable ? 'yes' : 'no'],
    ['--appendfsync', 'everysec'],
    ['--save', ''],
    ['--maxmemory-policy', 'noeviction'],
    // Without a pause for further replicas before it sends its data. It affects only a Redis with replicas.
    ['--repl-diskless-sync-delay', '0'],
  ]
  const replica =
    options.primaryPort === undefined
      ? []
      : ['--replicaof', '127.0.0.1', String(options.primaryPort)]
  return {
    name: options.name,
    command: options.binary.command,
    args: [
      ...settings.flat(),
      ...replica,
      ...removed.flatMap((name) => ['--rename-command', name, '']),
    ],
    environment: { ...options.environment, ...options.binary.environment },
    cwd: options.dataFolder,
    ...(options.binary.reachable ? options.user : undefined),
    logFile: options.logFile,
    ownFolder: options.dataFolder,
  }
}
