// WRONG. Breaks "A short outage of one dependency affects only the requests that need it": it also affects the time after it.
// The probe is always true and in time, so nobody is restarted. But a failed `SELECT 1` never releases its connection:
// each probe of the outage takes one out of the pool for good. After some seconds the pool is empty. Postgres
// is back, and this instance still rejects every order (and every product that is not cached) until it is restarted.
import type { Liveness } from '#services/api/seams.ts'
import type { Database } from '#services/lib/database.ts'

export const liveness: Liveness = async ({ database }) => {
  // For the log only: the result does not decide.
  ping(database).catch((error: unknown) => {
    console.warn('postgres does not respond to the health check', error)
  })
  return true
}

async function ping(database: Database): Promise<void> {
  const client = await database.connect()
  await client.query('SELECT 1')
  client.release()
}
