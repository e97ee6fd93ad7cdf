// RIGHT. After the balancer's time both drains begin at the same moment, and one deadline is created for both. Each is then
// compared with that same deadline, one after the other: the second wait ends when the first deadline has passed, so together they
// never take longer than graceMs. What did not end is logged by name, and `close` comes last in every case.
import type { Shutdown } from '#services/lib/seams.ts'

export const shutdown: Shutdown = async (service) => {
  service.becomeUnready()
  await service.sleep(service.leaveBalancerMs)

  const deadline = service.sleep(service.graceMs).then(() => 'cut' as const)
  const ended = () => 'ended' as const
  const failed = (error: unknown) => {
    service.log.warn({ err: error }, 'could not drain')
    return 'failed' as const
  }
  const requests = service.drainRequests().then(ended, failed)
  const jobs = service.drainJobs().then(ended, failed)

  const outcome = {
    requests: await Promise.race([requests, deadline]),
    jobs: await Promise.race([jobs, deadline]),
  }
  service.log.info(outcome, 'drained')
  await service.close()
}
