import type { Liveness } from '#services/api/seams.ts'

/**
 * Plausible: browsing needs the cache and not the database, so the cache decides whether this
 * instance is useful. Fails `restarts-at-most`: it is the same mistake with the other store.
 */
export const liveness: Liveness = async ({ redis }) => {
  await redis.ping()
  return true
}
