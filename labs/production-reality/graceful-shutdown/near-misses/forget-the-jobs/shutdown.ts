import type { Shutdown } from '#services/lib/seams.ts'

/**
 * Plausible: out of the balancer first, then every request is answered, then the doors are closed. Fails
 * `takeovers-at-most`: the same file shuts down the workers, and what they have in progress is no request.
 */
export const shutdown: Shutdown = async (service) => {
  service.becomeUnready()
  await service.sleep(service.leaveBalancerMs)
  await Promise.race([service.drainRequests(), service.sleep(service.graceMs)])
  await service.close()
}
