import type { Support } from '#chaos/contracts/fault.ts'
import type { Runtime } from '#chaos/contracts/runtime.ts'
import { InputError } from '#chaos/lib/errors.ts'

import { defineFault } from './lib/define-fault.ts'
import { injectAll } from './lib/inject-all.ts'
import { faultParameters } from './lib/parameters.ts'
import { withRedis } from './lib/redis.ts'

/** No process listens there, so Redis keeps its data and stays a replica without a primary. */
const nowhere = ['127.0.0.1', '1'] as const
const primaryAgain = ['NO', 'ONE'] as const

export const redisReadOnly = defineFault({
  kind: 'redis-read-only',
  description:
    'Redis responds to writes with READONLY, as after a failover: connections stay open, reads still work.',
  outside: 'A failover behind connections that stay open, a client of a replica.',
  target: 'store',
  example: { target: 'redis', params: {} },
  stores: ['redis'],
  params: faultParameters({}),
  support: leaseSupport,
  inject: async (request, context) => {
    const { runtime, signal } = context
    const { sendLater } = runtime
    if (sendLater === undefined)
      throw new InputError(`Not available: ${leaseSupport(runtime).how}.`, { status: 501 })
    let lease: AsyncDisposable | undefined
    return await injectAll({
      mechanism: 'REPLICAOF a primary that does not exist',
      targets: request.targets,
      signal,
      apply: async (store) => {
        // Redis has no timer that could end it.
        lease = await sendLater(store, {
          line: ['REPLICAOF', ...primaryAgain].join(' '),
          leaseMs: request.leaseMs,
        })
        signal.throwIfAborted()
        await replicaOf(runtime, nowhere)
      },
      heal: async () => {
        if (lease === undefined) return
        await replicaOf(runtime, primaryAgain)
        await lease[Symbol.asyncDispose]()
        lease = undefined
      },
    })
  },
})

function leaseSupport({ kind, sendLater }: Runtime): Support {
  return sendLater === undefined
    ? { available: false, how: `the ${kind} runtime cannot end it when the controller dies` }
    : { available: true, how: `by the ${kind} runtime` }
}

async function replicaOf(
  { addresses }: Runtime,
  primary: readonly [string, string],
): Promise<void> {
  await withRedis(addresses.redisUrl, async (redis) => {
    await redis.call('REPLICAOF', ...primary)
  })
}
