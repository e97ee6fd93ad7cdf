// WRONG. Breaks "It does not matter which other systems are unreachable: one or all of them, for a second or for an hour."
// An outage is forgiven for a minute ("3.5 seconds stands for a failover of about a minute"). When Postgres is away for
// longer, every instance reports false from then on and is killed; the new ones are killed a minute later,
// and customers who only look at cached products get refused connections.
import type { Liveness } from '#services/api/seams.ts'

const graceMs = 60_000
let lastSuccess = performance.now()

export const liveness: Liveness = async ({ database }) => {
  const check = database.query('SELECT 1').then(
    () => {
      lastSuccess = performance.now()
    },
    () => {},
  )
  const limit = new Promise<void>((resolve) => {
    setTimeout(resolve, 200)
  })
  await Promise.race([check, limit])
  return performance.now() - lastSuccess < graceMs
}
