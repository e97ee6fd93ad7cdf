// WRONG. Breaks "the process has closed within `graceMs`": it exits before it has closed.
// "The process exits when it resolves", and it resolves while `close` ("ends the remaining work and closes all connections") has only begun. In the
// story nothing remains at that moment. When a request or a job is still there at the end of the grace period, its last
// statement and its response are cut in the middle; and a failing `close` is an unhandled rejection.
import type { Shutdown } from '#services/lib/seams.ts'

export const shutdown: Shutdown = async (service) => {
  service.becomeUnready()
  await service.sleep(service.leaveBalancerMs)
  try {
    await Promise.race([
      Promise.all([service.drainRequests(), service.drainJobs()]),
      service.sleep(service.graceMs),
    ])
  } catch (error) {
    service.log.warn({ err: error }, 'could not drain')
  } finally {
    void service.close()
  }
}
