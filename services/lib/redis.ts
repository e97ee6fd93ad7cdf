import { Redis } from 'ioredis'
import type { RedisOptions } from 'ioredis'

import type { RedisConfig } from './config/redis-config.ts'
import type { Log } from './start/log.ts'

/**
 * A client for short commands. While Redis is down or silent, every command fails within the
 * timeout.
 */
export function createRedis(config: RedisConfig, log: Log): Redis {
  const options = {
    ...connectionOptions(config),
    // The default is undefined: on a silent connection a command would wait forever. After a
    // timeout its effect is unknown.
    commandTimeout: config.commandTimeoutMs,
    // The default is undefined: a silent connection would stay in use, and every later command
    // would time out on it.
    socketTimeout: 2 * config.commandTimeoutMs,
    // The default is 20, which takes 73 seconds. It also sends a command again whose reply was
    // lost: INCR would count twice.
    maxRetriesPerRequest: 0,
    // The default is true: commands would pile up in memory while Redis is down and all run when it
    // is back.
    enableOfflineQueue: false,
  } satisfies RedisOptions
  const redis = new Redis(config.url, options)
  redis.on('error', (error: Error) => log.debug({ err: error }, 'redis'))
  return redis
}

/** Options that every connection to Redis shares. */
export function connectionOptions({ instance }: Pick<RedisConfig, 'instance'>) {
  return {
    connectionName: instance,
    // The default is 10 s, longer than any caller in the shop waits.
    connectTimeout: 1_000,
    // The default goes up to 5 s: the client would notice late that Redis is back. With jitter, so
    // instances do not reconnect together.
    retryStrategy: (attempt: number) =>
      Math.min(1_000, 50 * 2 ** attempt) * (0.5 + Math.random() / 2),
    // The default is null: after a failover the client would keep using a server that has become a
    // replica. A script may report it in the middle of the message.
    reconnectOnError: (error: Error) => error.message.includes('READONLY'),
  } satisfies RedisOptions
}
