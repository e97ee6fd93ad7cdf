// WRONG. Breaks "A customer whose request arrives a moment later is served, until the load balancer sends no more."
// The time for the load balancer is written down as one second, the scaled time of the story, instead of `leaveBalancerMs`. With a
// balancer that probes every 5 to 10 s ("5 to 15 s" in production) the port closes while requests still arrive:
// customers get ECONNREFUSED and ECONNRESET for some seconds in every deploy.
import type { Shutdown } from '#services/lib/seams.ts'

/** The load balancer probes every 500 ms. Two probes are enough. */
const balancerNoticesMs = 1_000

export const shutdown: Shutdown = async (service) => {
  service.becomeUnready()
  await service.sleep(balancerNoticesMs)
  await Promise.race([
    Promise.allSettled([service.drainRequests(), service.drainJobs()]),
    service.sleep(service.graceMs),
  ])
  await service.close()
}
