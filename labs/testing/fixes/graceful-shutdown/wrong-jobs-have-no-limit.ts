// WRONG. Breaks "the process has closed within `graceMs`, even if a request or a job never ends."
// Only the requests have a limit; "an order that a worker is charging is finished by that worker", so jobs may take as long as they
// need. In the story every job ends. A job that never ends (a call without a reply) keeps the worker from closing: it waits
// for SIGKILL, and all its connections and locks end without a goodbye.
import type { Shutdown } from '#services/lib/seams.ts'

export const shutdown: Shutdown = async (service) => {
  service.becomeUnready()
  await service.sleep(service.leaveBalancerMs)
  await Promise.allSettled([
    Promise.race([service.drainRequests(), service.sleep(service.graceMs)]),
    // A charge must not be interrupted.
    service.drainJobs(),
  ])
  await service.close()
}
