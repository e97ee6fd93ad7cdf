// WRONG. Breaks "An order that a worker is charging is finished by that worker" while one request hangs.
// The drains run one after the other. A worker has hardly any requests, so in the story the first ends at once. When one request to a
// worker never ends (a scrape of /metrics whose client is gone), the jobs are never drained: the worker takes new
// orders until the grace period is over, and is then closed in the middle of charging: they are taken over.
import type { Leaving, Shutdown } from '#services/lib/seams.ts'

export const shutdown: Shutdown = async (service) => {
  service.becomeUnready()
  await service.sleep(service.leaveBalancerMs)
  await Promise.race([drain(service), service.sleep(service.graceMs)])
  await service.close()
}

async function drain(service: Leaving): Promise<void> {
  try {
    await service.drainRequests()
    service.log.info('requests drained')
    await service.drainJobs()
    service.log.info('jobs drained')
  } catch (error) {
    service.log.warn({ err: error }, 'could not drain')
  }
}
