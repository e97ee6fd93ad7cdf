import type { Shutdown } from '#services/lib/seams.ts'

/**
 * Plausible: it does all final steps at the same time, because the grace period is short. Fails
 * `availability`: the requests in flight need the connections that it closes meanwhile.
 */
export const shutdown: Shutdown = async (service) => {
  service.becomeUnready()
  await service.sleep(service.leaveBalancerMs)
  const left = Promise.allSettled([service.drainRequests(), service.drainJobs(), service.close()])
  await Promise.race([left, service.sleep(service.graceMs)])
}
