import type { Shutdown } from '#services/lib/seams.ts'

/**
 * Plausible: everything that has to be done at the end, at the same time, because the grace period is short. Fails
 * `availability`: the requests that are waited for need the connections that are closed meanwhile.
 */
export const shutdown: Shutdown = async (service) => {
  service.becomeUnready()
  await service.sleep(service.leaveBalancerMs)
  const left = Promise.allSettled([service.drainRequests(), service.drainJobs(), service.close()])
  await Promise.race([left, service.sleep(service.graceMs)])
}
