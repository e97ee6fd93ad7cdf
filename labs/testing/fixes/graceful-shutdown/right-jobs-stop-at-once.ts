// RIGHT. No load balancer sends jobs, so the worker stops taking them at SIGTERM; only the requests wait for the balancer. Each line
// has its own beginning and both have one common end, leaveBalancerMs + graceMs after SIGTERM, so the process closes
// within graceMs after the balancer's time. A drain that fails counts as ended and does not end the other one.
import type { Leaving, Shutdown } from '#services/lib/seams.ts'

export const shutdown: Shutdown = async (service) => {
  service.becomeUnready()
  const end = service.sleep(service.leaveBalancerMs + service.graceMs)
  const leaving = Promise.all([
    quietly(service, async () => await service.drainJobs()),
    quietly(service, async () => {
      await service.sleep(service.leaveBalancerMs)
      await service.drainRequests()
    }),
  ])
  await Promise.race([leaving, end])
  await service.close()
}

async function quietly(service: Leaving, step: () => Promise<void>): Promise<void> {
  try {
    await step()
  } catch (error) {
    service.log.warn({ err: error }, 'a part of the shutdown failed')
  }
}
