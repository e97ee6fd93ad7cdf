import type { Shutdown } from '#services/lib/seams.ts'

/**
 * Plausible: it leaves the load balancer first, then responds to every request, then closes the
 * connections. Fails `takeovers-at-most`: the same file shuts down the workers, and their work in
 * flight is jobs.
 */
export const shutdown: Shutdown = async (service) => {
  service.becomeUnready()
  await service.sleep(service.leaveBalancerMs)
  await Promise.race([service.drainRequests(), service.sleep(service.graceMs)])
  await service.close()
}
