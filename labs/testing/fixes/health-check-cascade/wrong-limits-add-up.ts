// WRONG. Breaks "It responds within the probe's timeout" when "all of them" are unreachable.
// The result is always true and each store has 250 ms, less than the supervisor's 0.4 s. But one comes after the other: with both
// silent the probe responds after 0.5 s. The supervisor has stopped waiting, counts a failure, and kills every
// instance after three. The story breaks one store at a time, so it holds.
import type { Liveness } from '#services/api/seams.ts'

const limitMs = 250

export const liveness: Liveness = async ({ database, redis }) => {
  const postgres = await responds(async () => await database.query('SELECT 1'))
  const cache = await responds(async () => await redis.ping())
  if (!postgres || !cache) console.warn('health: a dependency is away', { postgres, cache })
  // A missing dependency is reported, but it is no reason for a restart.
  return true
}

async function responds(call: () => Promise<unknown>): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<boolean>((resolve) => {
    timer = setTimeout(() => resolve(false), limitMs)
  })
  const reply = call().then(
    () => true,
    () => false,
  )
  return await Promise.race([reply, late]).finally(() => clearTimeout(timer))
}
