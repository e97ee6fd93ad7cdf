import type { Shutdown } from '../seams.ts'

/**
 * A graceful shutdown: accept no new work, finish the work in progress, and only then close the
 * connections.
 */
export const shutdown: Shutdown = async (service) => {
  service.becomeUnready()
  // Load balancers probe periodically. Until the next probe they send requests, and the instance
  // serves them.
  await service.sleep(service.leaveBalancerMs)
  const drained = Promise.all([service.drainRequests(), service.drainJobs()]).then(() => true)
  const inTime = await Promise.race([drained, service.sleep(service.graceMs).then(() => false)])
  if (!inTime) service.log.warn({ graceMs: service.graceMs }, 'work was still in progress')
  await service.close()
}
