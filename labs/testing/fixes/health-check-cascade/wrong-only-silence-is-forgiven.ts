// WRONG. Breaks "The probe is true while the process can serve. It does not matter which other systems are unreachable".
// A Postgres that does not reply is forgiven: after 250 ms the probe is true. That is the outage of the story. A Postgres
// that refuses connections (ECONNREFUSED, "the database system is starting up", a DNS error during the failover)
// rejects at once, the error goes out of the probe, and after three probes the supervisor kills all instances.
import type { Liveness } from '#services/api/seams.ts'

/** Less than the 0.4 s of the supervisor. */
const patienceMs = 250

export const liveness: Liveness = async ({ database }) => {
  let timer: NodeJS.Timeout | undefined
  const outOfPatience = new Promise<boolean>((resolve) => {
    // Slow is not dead.
    timer = setTimeout(() => resolve(true), patienceMs)
  })
  const responded = database.query('SELECT 1').then(() => true)
  try {
    return await Promise.race([responded, outOfPatience])
  } finally {
    clearTimeout(timer)
    responded.catch(() => {})
  }
}
