import { hasStore } from '#chaos/contracts/topology.ts'
import { withRedis } from '#chaos/faults/lib/redis.ts'
import { InputError, messageOf } from '#chaos/lib/errors.ts'
import { restartAll } from '#chaos/runtime/restart-all.ts'

import { healEverything } from '../heal-everything.ts'
import type { Sandbox } from '../sandbox.ts'
import { useProfiles } from '../use-profiles.ts'
import { checkRunningSeams } from './check-running-seams.ts'
import { readFrozenCode } from './frozen-code.ts'
import type { RunRequest } from './run-request.ts'
import { shopEnvironments } from './shop-environments.ts'

/**
 * Recreates all data, starts every instance with the code of this run, and checks that code. An adopted system keeps its data
 * and its processes: faults heal, and what is down starts. Throws if it cannot.
 */
export async function prepare(sandbox: Sandbox, request: RunRequest): Promise<void> {
  if (sandbox.system.adopted === true) return await prepareAdopted(sandbox, request)
  const { system, runtime, faults, links, supervision } = sandbox
  const { topology } = system
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
    ['links', ...topology.stores.map(({ name }) => name)].map(async (name) => {
      await runtime.resume(name, { by: 'scenario', signal })
      await runtime.start(name, { by: 'scenario', signal })
    }),
  )
  await useProfiles(sandbox, scenario.shop.profiles ?? [], signal)
  try {
    await restartAll(runtime, {
      by: 'scenario',
      signal,
      topology,
      environments: shopEnvironments(request, system, runtime),
      whileDown: async () => {
        await Promise.all([
          hasStore(topology, 'postgres') && sandbox.prepareDatabase(scenario.shop, signal),
          hasStore(topology, 'redis') &&
            withRedis(runtime.addresses.redisUrl, async (redis) => await redis.flushall()),
        ])
      },
    })
  } catch (error) {
    signal.throwIfAborted()
    throw exercise === undefined || error instanceof InputError
      ? error
      : notStartable(system.name, error)
  }
  supervision.setUp(scenario.shop.supervisor)
  await checkRunningSeams(sandbox, exercise, signal)
  // A scenario that only sets the system up has no rates and no values of the system's own.
  if (system.workload?.check !== undefined && Object.keys(scenario.workload.rates).length > 0)
    system.workload.check(scenario.workload, await sandbox.truth.read(signal))
}

async function prepareAdopted(sandbox: Sandbox, { scenario, signal }: RunRequest): Promise<void> {
  await sandbox.supervision.release()
  const { couldNotUndo } = await healEverything(sandbox, 'run-ended')
  const [unhealed] = couldNotUndo
  if (unhealed !== undefined)
    throw new Error(`${unhealed.what} could not be healed: ${unhealed.error}`)
  signal.throwIfAborted()
  sandbox.supervision.setUp(scenario.shop.supervisor)
}

/** If the system runs judged code and does not start, that code is the cause. */
function notStartable(name: string, error: unknown): InputError {
  return new InputError(`The ${name} does not start with this code: ${messageOf(error)}`, {
    remedy: 'Nothing was judged. Fix the code, then check again.',
    cause: error,
  })
}
