import { randomUUID } from 'node:crypto'

import type { Redis } from 'ioredis'

export interface RedisLock {
  /** Gives the lock back if we still have it. */
  release(): Promise<void>
}

const releaseIfOurs = `if redis.call('GET', KEYS[1]) == ARGV[1] then return redis.call('DEL', KEYS[1]) end return 0`

/**
 * Takes a lock for at most `lockMs`; undefined if somebody else has it. It is a courtesy, not a guarantee: whoever is
 * paused for longer than that goes on in the belief of having it.
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
