import type { ApiClient } from '#chaos/api/client/api-client.ts'
import { truthOf } from '#chaos/contracts/system.ts'
import { unsettledCounters } from '#chaos/engine/run/unsettled-counters.ts'
import { faults } from '#chaos/faults/index.ts'
import type { AnyFault } from '#chaos/faults/index.ts'
import { systemClock } from '#chaos/lib/clock.ts'
import { messageOf } from '#chaos/lib/errors.ts'
import { startComposeSandbox } from '#chaos/runtime/docker/testing/compose-sandbox.ts'
import { controllerApi } from '#chaos/runtime/docker/testing/controller-api.ts'
import { breakFor, whatIsLeft } from '#chaos/runtime/docker/testing/random-faults.ts'
import { system } from '#chaos/system.ts'

import { contentHash } from '../../content-hash.ts'
import type { Task, TaskContext, TaskResult } from '../../task.ts'

const leaseMs = 3_000
const settledWithinMs = 90_000
const traffic = {
  ordersPerSecond: 5,
  browsePerSecond: 10,
  quotesPerSecond: 2,
  readOrdersPerSecond: 2,
}

/**
 * The example of every fault, in the shop in Docker and under load: it hits something, its lease ends it, and everything is as
 * before. A kind that Docker cannot inject is refused with a reason.
 */
export const dockerFaultTasks: readonly Task[] = (Object.values(faults) as readonly AnyFault[]).map(
  (fault) => ({
    name: `docker/faults/${fault.kind}`,
    expected: 'hits the shop, ends with its lease, leaves nothing; or is refused with a reason',
    times: 1,
    hash: async () =>
      await contentHash('docker-compose.yml', 'services', 'chaos', 'chaos/runtime/docker'),
    run: async (context: TaskContext) => await tryFault(fault, context),
  }),
)

async function tryFault(fault: AnyFault, { shared, signal }: TaskContext): Promise<TaskResult> {
  const sandbox = await shared.get('docker', async () => await startComposeSandbox())
  const api = await controllerApi(sandbox, signal)
  const { target, params } = fault.example
  const request = { kind: fault.kind, target, params, leaseMs }
  const { faults: catalogue } = await api.catalogue()
  const entry = catalogue.find(({ kind }) => kind === fault.kind)
  if (entry?.available !== true) {
    const refused = await api.inject(request).then(() => undefined, messageOf)
    const reason = entry?.here ?? ''
    return refused === undefined || reason === ''
      ? { ok: false, detail: 'it is not available here, and was injected or has no reason' }
      : { ok: true, detail: `refused: ${reason}` }
  }
  await api.sendTraffic(traffic)
  const hit = await hitOf(api, request)
  await breakFor(api, [])
  await api.stopTraffic()
  const left = [...(await whatIsLeft(sandbox, api)), ...(await unsettled(api, signal))]
  const problems = [...(hit.problem === undefined ? [] : [hit.problem]), ...left]
  if (left.length > 0) await shared.drop('docker')
  return { ok: problems.length === 0, detail: [hit.mechanism, ...problems].join('; ') }
}

type Request = Parameters<ApiClient['inject']>[0]

/** Injects the fault. The problem: it was refused, or it matched no target. */
async function hitOf(
  api: ApiClient,
  request: Request,
): Promise<{ readonly mechanism: string; readonly problem?: string }> {
  try {
    const { mechanism, hit } = await api.inject(request)
    return hit === 0 ? { mechanism, problem: 'it matched no target' } : { mechanism }
  } catch (error) {
    return { mechanism: 'not injected', problem: messageOf(error) }
  }
}

/** What is still in flight after the time that the shop may take: `3 unfinished orders`. */
async function unsettled(api: ApiClient, signal: AbortSignal): Promise<readonly string[]> {
  const deadline = systemClock.now() + settledWithinMs
  for (;;) {
    const left = await api.truth().then(
      (counters) => unsettledCounters(counters, truthOf(system)),
      (error: unknown) => [messageOf(error)],
    )
    if (left.length === 0 || systemClock.now() > deadline) return left
    await systemClock.sleep(500, signal)
  }
}
