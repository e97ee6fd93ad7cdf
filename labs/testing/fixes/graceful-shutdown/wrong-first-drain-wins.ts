// WRONG. Breaks "A customer whose order is being placed receives the response" and "What the remaining work needs is open until
// that work has ended." One `Promise.race` over both drains and the limit: the first that ends, ends the wait. "In the API `drainJobs` has
// nothing to do", so the API closes at once and all orders in flight are cut; in the worker `drainRequests` ends at
// once, and the orders that it is charging are interrupted and taken over.
import type { Shutdown } from '#services/lib/seams.ts'

export const shutdown: Shutdown = async (service) => {
  service.becomeUnready()
  await service.sleep(service.leaveBalancerMs)
  await Promise.race([
    service.drainRequests(),
    service.drainJobs(),
    service.sleep(service.graceMs),
  ])
  await service.close()
}
