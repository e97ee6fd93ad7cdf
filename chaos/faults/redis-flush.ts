import { defineFault } from './lib/define-fault.ts'
import { injectAll } from './lib/inject-all.ts'
import { faultParameters } from './lib/parameters.ts'
import { withRedis } from './lib/redis.ts'

export const redisFlush = defineFault({
  kind: 'redis-flush',
  description: 'Redis loses all its data at once: cache, locks and jobs.',
  outside: 'A restart of a Redis without persistence, a command in the wrong terminal.',
  target: 'store',
  example: { target: 'redis', params: {} },
  stores: ['redis'],
  params: faultParameters({}),
  inject: (request, context) =>
    injectAll({
      mechanism: 'FLUSHALL',
      targets: request.targets,
      signal: context.signal,
      apply: () =>
        withRedis(context.runtime.addresses.redisUrl, async (redis) => {
          await redis.flushall('SYNC')
        }),
      // The data cannot be brought back.
      heal: async () => {},
    }),
})
