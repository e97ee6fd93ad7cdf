import { withRedis } from '#chaos/faults/lib/redis.ts'
import { InputError, messageOf, unknownName } from '#chaos/lib/errors.ts'
import { restartAll } from '#chaos/runtime/restart-all.ts'
import { stores } from '#services/topology.ts'

import type { Sandbox } from '../sandbox.ts'
import { checkRunningSeams } from './check-running-seams.ts'
import { readFrozenCode } from './frozen-code.ts'
import type { RunRequest } from './run-request.ts'
import { shopEnvironments } from './shop-environments.ts'

/** Fresh books, the right code in every seam, everything ready. Throws; a run that could not be prepared has no verdict. */
export async function prepare(sandbox: Sandbox, order: RunRequest): Promise<void> {
  const { runtime, faults, links, supervision } = sandbox
  const { scenario, signal, exercise } = order
  const frozen = await readFrozenCode(scenario.shop.frozen)
  sandbox.code.set({
    ...(exercise === undefined ? {} : { judged: exercise }),
    ...(frozen === undefined ? {} : { frozen }),
  })
  const { couldNotUndo } = await faults.healAll('run-ended')
  const [left] = couldNotUndo
  if (left !== undefined) throw new Error(`${left.what} could not be undone: ${left.error}`)
  await links.heal()
  await Promise.all(
    ['links', ...stores.map(({ name }) => name)].map(async (name) => {
      await runtime.resume(name, { by: 'scenario', signal })
      await runtime.start(name, { by: 'scenario', signal })
    }),
  )
  supervision.setUp(scenario.shop.supervisor)
  try {
    await restartAll(runtime, {
      by: 'scenario',
      signal,
      environments: shopEnvironments(order, runtime),
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
  await checkRunningSeams(runtime, exercise, signal)
  await checkProducts(sandbox, order)
}

/** Orders for what is not sold would look like a broken happy path. */
async function checkProducts({ truth }: Sandbox, { scenario, signal }: RunRequest): Promise<void> {
  const { products } = await truth.read(signal)
  const known = products.map(({ sku }) => sku)
  const stranger = scenario.workload.skus.find(({ sku }) => !known.includes(sku))
  if (stranger !== undefined) throw unknownName('product', stranger.sku, known)
}

/** With somebody else's code in it, a shop that does not start is that code's business. */
function notStartable(error: unknown): InputError {
  return new InputError(`The shop does not start with this code: ${messageOf(error)}`, {
    remedy: 'Nothing was judged. Mend the code and check again.',
    cause: error,
  })
}
