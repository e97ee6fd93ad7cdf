// WRONG. Breaks "A customer whose order is being placed receives the response" or "An order that a worker is charging is finished
// by that worker", when the settings differ from the story's. It takes `leaveBalancerMs` for the kind of the process. An API whose balancer
// needs no time (0: it is told by the deploy tool) does not drain its requests and cuts every order in flight; a worker
// that has such a time does not drain its jobs, and they are taken over.
import type { Shutdown } from '#services/lib/seams.ts'

export const shutdown: Shutdown = async (service) => {
  service.becomeUnready()
  // Only the API is behind a load balancer.
  const isApi = service.leaveBalancerMs > 0
  if (isApi) await service.sleep(service.leaveBalancerMs)
  const drained = isApi ? service.drainRequests() : service.drainJobs()
  await Promise.race([
    drained.catch((error: unknown) => service.log.warn({ err: error }, 'could not drain')),
    service.sleep(service.graceMs),
  ])
  await service.close()
}
