import type { Liveness } from '#services/api/seams.ts'

/**
 * Task: a short outage of one dependency affects only the requests that need it. Change this file
 * only.
 */
export const liveness: Liveness = async ({ database }) => {
  await database.query('SELECT 1')
  return true
}
