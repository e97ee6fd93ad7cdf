// WRONG. Breaks "An order that a worker is charging is finished by that worker" and "A customer whose order is being placed
// receives the response". `graceMs` is the limit for both drains together, so it is divided: half for requests, then half for jobs. 2.5 s are
// enough for the two seconds of the story. An order or a charge that needs three or four of its five seconds is cut after
// 2.5 s although the other half is not used by anybody: a closed connection, or an order that is taken over.
import type { Leaving, Shutdown } from '#services/lib/seams.ts'

export const shutdown: Shutdown = async (service) => {
  service.becomeUnready()
  await service.sleep(service.leaveBalancerMs)
  const halfMs = service.graceMs / 2
  await within(service, halfMs, 'requests', service.drainRequests())
  await within(service, halfMs, 'jobs', service.drainJobs())
  await service.close()
}

async function within(
  service: Leaving,
  limitMs: number,
  what: string,
  drain: Promise<void>,
): Promise<void> {
  const outcome = await Promise.race([
    drain.then(
      () => 'drained',
      () => 'failed',
    ),
    service.sleep(limitMs).then(() => 'too late'),
  ])
  service.log.info({ what, outcome }, 'drain')
}
