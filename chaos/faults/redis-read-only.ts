import type { Support } from '#chaos/contracts/fault.ts'
import type { Runtime } from '#chaos/contracts/runtime.ts'
import { InputError } from '#chaos/lib/errors.ts'

import { defineFault } from './lib/define-fault.ts'
import { injectAll } from './lib/inject-all.ts'
import { faultParameters } from './lib/parameters.ts'
import { noPrimary, nowhere, replicate } from './lib/redis.ts'

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
          line: ['REPLICAOF', ...noPrimary].join(' '),
          leaseMs: request.leaseMs,
        })
        signal.throwIfAborted()
        await replicate(runtime.addresses.redisUrl, nowhere)
      },
      heal: async () => {
        if (lease === undefined) return
        await replicate(runtime.addresses.redisUrl, noPrimary)
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
