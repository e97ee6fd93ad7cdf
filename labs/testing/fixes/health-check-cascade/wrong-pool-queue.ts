// WRONG. Breaks "The probe is true while the process can serve. It does not matter which other systems are unreachable".
// It queries no store, but it takes a full pool as a sign of a hanging process. With the few orders of the story the queue
// stays short. With more customers who order (or look at products that are not cached) during the same outage,
// requests wait for connections that Postgres does not give, the probe is false, and all instances are killed.
import type { Liveness } from '#services/api/seams.ts'

export const liveness: Liveness = async ({ database }) => {
  // Requests that wait for a connection while all connections are busy: this process is deadlocked.
  const stuck = database.idleCount === 0 && database.waitingCount > 5
  return !stuck
}
