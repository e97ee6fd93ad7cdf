// WRONG. Breaks "It does not matter which other systems are unreachable: one or all of them".
// Alive if Postgres or Redis responds. Each half of the story breaks only one of them, so it holds there. When both are
// unreachable at once (the network of the instance, the rack that has both), every probe fails and the supervisor
// kills all instances again and again, although each process could respond (quotes, refusals, errors).
import type { Liveness } from '#services/api/seams.ts'

export const liveness: Liveness = async ({ database, redis }) => {
  try {
    await Promise.any([
      within(250, database.query('SELECT 1')),
      within(250, redis.ping()),
    ])
    return true
  } catch {
    return false
  }
}

async function within<T>(milliseconds: number, work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error('no response in time')), milliseconds)
  })
  return await Promise.race([work, late]).finally(() => clearTimeout(timer))
}
