// WRONG. Breaks "A customer whose request arrives a moment later is served, until the load balancer sends no more."
// Everything is there, in the wrong order: the instance waits for the load balancer first and tells it afterwards. During the wait the
// balancer sees a ready instance; when the port closes it still sends requests until its next probe. Customers see
// connection errors for up to half a second in each restart of an API instance.
import type { Shutdown } from '#services/lib/seams.ts'

export const shutdown: Shutdown = async (service) => {
  // Let the requests that are on their way arrive.
  await service.sleep(service.leaveBalancerMs)
  service.becomeUnready()
  await Promise.race([
    Promise.allSettled([service.drainRequests(), service.drainJobs()]),
    service.sleep(service.graceMs),
  ])
  await service.close()
}
