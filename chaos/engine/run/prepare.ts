import { withRedis } from '#chaos/faults/lib/redis.ts'
import { InputError, messageOf } from '#chaos/lib/errors.ts'
import { restartAll } from '#chaos/runtime/restart-all.ts'
import { stores } from '#services/topology.ts'

import type { Sandbox } from '../sandbox.ts'
import { checkRunningSeams } from './check-running-seams.ts'
import { readFrozenCode } from './frozen-code.ts'
import type { RunRequest } from './run-request.ts'
import { shopEnvironments } from './shop-environments.ts'

/** Recreates all data, starts every instance with the code of this run, and checks that code. Throws if it cannot. */
export async function prepare(sandbox: Sandbox, request: RunRequest): Promise<void> {
  const { runtime, faults, links, supervision } = sandbox
  const { scenario, signal, exercise } = request
  // From here to the set-up below, only this preparation starts and stops instances.
  await supervision.release()
  const frozen = await readFrozenCode(scenario.shop.frozen)
  sandbox.code.set({
    ...(exercise === undefined ? {} : { judged: exercise }),
    ...(frozen === undefined ? {} : { frozen }),
  })
  const { couldNotUndo } = await faults.healAll('run-ended')
  const [unhealed] = couldNotUndo
  if (unhealed !== undefined)
    throw new Error(`${unhealed.what} could not be healed: ${unhealed.error}`)
  await links.heal()
  await Promise.all(
    ['links', ...stores.map(({ name }) => name)].map(async (name) => {
      await runtime.resume(name, { by: 'scenario', signal })
      await runtime.start(name, { by: 'scenario', signal })
    }),
  )
  try {
    await restartAll(runtime, {
      by: 'scenario',
      signal,
      environments: shopEnvironments(request, runtime),
      whileDown: async () => {
        await Promise.all([
          sandbox.prepareDatabase(scenario.shop, signal),
          withRedis(runtime.addresses.redisUrl, async (redis) => await redis.flushall()),
        ])
      },
    })
  } catch (error) {
    signal.throwIfAborted()
    throw exercise === undefined || error instanceof InputError ? error : notStartable(error)
  }
  supervision.setUp(scenario.shop.supervisor)
  await checkRunningSeams(runtime, exercise, signal)
  const { workload } = sandbox.system
  if (workload.check !== undefined)
    workload.check(scenario.workload, await sandbox.truth.read(signal))
}

/** If the shop runs judged code and does not start, that code is the cause. */
function notStartable(error: unknown): InputError {
  return new InputError(`The shop does not start with this code: ${messageOf(error)}`, {
    remedy: 'Nothing was judged. Fix the code, then check again.',
    cause: error,
  })
}
