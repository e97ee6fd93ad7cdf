import type { Shutdown } from '#services/lib/seams.ts'

/** No work takes longer than this: the deadlines of an order guarantee it. */
const longestMs = 3_500

/**
 * Right, by another design: it does not count the work in flight. It accepts no new jobs and no new
 * requests, and then waits as long as the slowest work may take. It needs no counters, and it
 * always takes the longest time.
 */
export const shutdown: Shutdown = async (service) => {
  service.becomeUnready()
  const jobsDone = service.drainJobs()
  await service.sleep(service.leaveBalancerMs + longestMs)
  await Promise.race([jobsDone, service.sleep(service.graceMs - longestMs)])
  await service.close()
}
