import type { Shutdown } from '#services/lib/seams.ts'

/** Nothing that we do takes longer than this: an order's deadlines say so. */
const longestMs = 3_500

/**
 * Right, by another design: nobody is counted. No new jobs, no new customers, and then simply time enough for whatever is
 * in flight. It needs no bookkeeping, and it is always as slow as the slowest may be.
 */
export const shutdown: Shutdown = async (service) => {
  service.becomeUnready()
  const jobsDone = service.drainJobs()
  await service.sleep(service.leaveBalancerMs + longestMs)
  await Promise.race([jobsDone, service.sleep(service.graceMs - longestMs)])
  await service.close()
}
