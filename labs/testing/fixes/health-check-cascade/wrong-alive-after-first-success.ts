// WRONG. Breaks "The probe is true while the process can serve. It does not matter which other systems are unreachable".
// A process that has reached Postgres once is alive for good: the story starts with a working Postgres and holds. A process
// that starts during an outage (a deploy, a crash, a new instance) is never alive: it is killed after three
// probes, starts again, and customers cannot look at cached products there for as long as the outage lasts.
import type { Liveness } from '#services/api/seams.ts'

/** A wrong password or a wrong host shows at the start. Later failures are the database's problem. */
let configurationWorks = false

export const liveness: Liveness = async ({ database }) => {
  if (!configurationWorks) {
    await database.query('SELECT 1')
    configurationWorks = true
  }
  return true
}
