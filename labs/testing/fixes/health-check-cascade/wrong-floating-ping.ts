// WRONG. Breaks "A short outage of one dependency affects only the requests that need it."
// The probe returns true at once, and the `SELECT 1` runs beside it to warm the pool. Nobody listens for its failure: as soon as
// Postgres refuses or a query times out, the rejection is unhandled and Node ends the process. The supervisor
// does not have to kill anybody: all instances exit by themselves, and the front page is gone as in the story.
import type { Liveness } from '#services/api/seams.ts'

export const liveness: Liveness = async ({ database }) => {
  // Keeps one connection warm. The result does not decide whether we are alive.
  void database.query('SELECT 1')
  return true
}
