import { setTimeout as sleep } from 'node:timers/promises'

import type { Redis } from 'ioredis'

import type { Log } from '#services/lib/start/log.ts'
import { periodically } from '#services/lib/start/periodically.ts'
import type { Periodic } from '#services/lib/start/periodically.ts'

/**
 * Replaces the connection when a PING gets no reply. A connection without a command timeout would
 * stay silent for as long as TCP retries: a quarter of an hour.
 */
export function watchConnection(
  redis: Redis,
  { log, timeoutMs }: { readonly log: Log; readonly timeoutMs: number },
): Periodic {
  return periodically('watch-connection', { intervalMs: timeoutMs, log }, async () => {
    if (redis.status !== 'ready') return
    const pong = redis.ping().then(
      () => true,
      () => true,
    )
    if (await Promise.race([pong, sleep(timeoutMs, false)])) return
    log.warn({ timeoutMs }, 'Redis is silent: reconnecting')
    redis.disconnect(true)
  })
}
