import type { Shutdown } from '#services/lib/seams.ts'

/**
 * Plausible: from the signal on it accepts nothing new, and it finishes its work in flight. Fails
 * `availability`: the load balancer probes from time to time. Until the next probe it sends
 * requests to a closed port.
 */
export const shutdown: Shutdown = async (service) => {
  service.becomeUnready()
  const drained = Promise.all([service.drainRequests(), service.drainJobs()])
  await Promise.race([drained, service.sleep(service.graceMs)])
  await service.close()
}
