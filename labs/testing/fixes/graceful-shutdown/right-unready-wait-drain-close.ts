// RIGHT. First the balancer is told, then it gets its time while requests are still served, then both drains run side by side
// with one limit for both, and only after that everything is closed, also if a drain fails. Nothing that the
// remaining work needs is closed before `close`, and a drain that never ends costs at most `graceMs`.
import type { Shutdown } from '#services/lib/seams.ts'

export const shutdown: Shutdown = async (service) => {
  service.becomeUnready()
  await service.sleep(service.leaveBalancerMs)
  try {
    await Promise.race([
      Promise.allSettled([service.drainRequests(), service.drainJobs()]),
      service.sleep(service.graceMs),
    ])
  } finally {
    await service.close()
  }
}
