// Breaks "After the time for the load balancer, the process has closed within graceMs, even if a
// request or a job never ends." Jobs have a limit, requests have none. A request that never ends (a
// client that reads nothing, a handler that hangs) holds the API open until SIGKILL.
import type { Shutdown } from '#services/lib/seams.ts'

/** Task: an instance shuts down, and no customer notices. Change this file only. */
export const shutdown: Shutdown = async (service) => {
  service.becomeUnready()
  await service.sleep(service.leaveBalancerMs)
  // Requests are short and end on their own. A job may hang at payments.
  await Promise.all([
    service.drainRequests(),
    Promise.race([service.drainJobs(), service.sleep(service.graceMs)]),
  ])
  await service.close()
}
