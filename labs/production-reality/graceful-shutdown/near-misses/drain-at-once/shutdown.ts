import type { Shutdown } from '#services/lib/seams.ts'

/**
 * Plausible: takes nothing new from the moment of the signal on, and finishes what it has. Fails `availability`: the
 * balancer looks now and then. Until it has looked it sends requests to a door that is closed.
 */
export const shutdown: Shutdown = async (service) => {
  service.becomeUnready()
  const drained = Promise.all([service.drainRequests(), service.drainJobs()])
  await Promise.race([drained, service.sleep(service.graceMs)])
  await service.close()
}
