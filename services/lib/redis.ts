import { Redis } from 'ioredis'
import type { RedisOptions } from 'ioredis'

import type { RedisConfig } from './config/redis-config.ts'
import type { Log } from './start/log.ts'

/** A client for short commands. While Redis is away or silent every command fails within the timeout. */
export function createRedis(config: RedisConfig, log: Log): Redis {
  const options = {
    ...connectionOptions(config),
    // Undefined by default: on a silent connection a command would wait for ever. Afterwards its effect is unknown.
    commandTimeout: config.commandTimeoutMs,
    // Undefined by default: the connection that went silent would be kept, and every later command would time out on it.
    socketTimeout: 2 * config.commandTimeoutMs,
    // 20 by default, which is 73 seconds. It also resends a command whose reply was lost: INCR would count twice.
    maxRetriesPerRequest: 0,
    // True by default: commands would pile up in memory while Redis is away, and all run when it is back.
    enableOfflineQueue: false,
  } satisfies RedisOptions
  const redis = new Redis(config.url, options)
  redis.on('error', (error: Error) => log.debug({ err: error }, 'redis'))
  return redis
}

/** What every connection to Redis has in common. */
export function connectionOptions({ instance }: Pick<RedisConfig, 'instance'>) {
  return {
    connectionName: instance,
    // 10 s by default, longer than any caller of ours waits.
    connectTimeout: 1_000,
    // Up to 5 s by default: we would notice late that it is back. With jitter, or all instances knock together.
    retryStrategy: (attempt: number) =>
      Math.min(1_000, 50 * 2 ** attempt) * (0.5 + Math.random() / 2),
    // Null by default: after a failover we would go on asking a server that has become a replica.
    reconnectOnError: (error: Error) => error.message.startsWith('READONLY'),
  } satisfies RedisOptions
}
