import type { Shutdown } from '../seams.ts'

/** Leaves so that nobody notices: no new work, what is in progress is finished, and only then the doors are closed. */
export const shutdown: Shutdown = async (service) => {
  service.becomeUnready()
  // Balancers look now and then. Until they have looked they send us requests, and these are served.
  await service.sleep(service.leaveBalancerMs)
  const drained = Promise.all([service.drainRequests(), service.drainJobs()]).then(() => true)
  const inTime = await Promise.race([drained, service.sleep(service.graceMs).then(() => false)])
  if (!inTime) service.log.warn({ graceMs: service.graceMs }, 'work was still in progress')
  await service.close()
}
