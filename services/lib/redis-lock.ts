import { randomUUID } from 'node:crypto'

import type { Redis } from 'ioredis'

export interface RedisLock {
  /** Releases the lock if this process still owns it. */
  release(): Promise<void>
}

const releaseIfOurs = `if redis.call('GET', KEYS[1]) == ARGV[1] then return redis.call('DEL', KEYS[1]) end return 0`

/**
 * Takes a lock for at most `lockMs`. Undefined if another process owns it. The lock is not a
 * guarantee: a process that is paused for longer than `lockMs` continues after its lock has
 * expired.
 */
export async function takeLock(
  redis: Redis,
  name: string,
  lockMs: number,
): Promise<RedisLock | undefined> {
  const token = randomUUID()
  const taken = await redis.set(name, token, 'PX', lockMs, 'NX')
  if (taken === null) return undefined
  return {
    async release() {
      await redis.eval(releaseIfOurs, 1, name, token)
    },
  }
}
