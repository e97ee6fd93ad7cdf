// RIGHT. The stores are observed, and do not decide. At most one observation runs at a time, it takes its connection through
// `query` (which always releases it), every failure is caught, and the probe does not wait for it: the response is
// true at once, with one, all or none of the stores, for any time. A hanging loop gives no response.
import type { Liveness } from '#services/api/seams.ts'

let observing = false
let lastReport = ''

export const liveness: Liveness = async ({ database, redis }) => {
  if (!observing) {
    observing = true
    void Promise.allSettled([
      (async () => await database.query('SELECT 1'))(),
      (async () => await redis.ping())(),
    ]).then(([postgres, cache]) => {
      observing = false
      const report = `postgres ${postgres.status}, redis ${cache.status}`
      // Only a change is worth a line.
      if (report !== lastReport) console.info(`liveness: ${report}`)
      lastReport = report
    })
  }
  return true
}
