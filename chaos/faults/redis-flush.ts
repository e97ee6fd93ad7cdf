import { Type } from 'typebox'

import { defineFault } from './lib/define-fault.ts'
import { injectAll } from './lib/inject-all.ts'
import { closed } from './lib/parameters.ts'
import { withRedis } from './lib/redis.ts'

export const redisFlush = defineFault({
  kind: 'redis-flush',
  description: 'Redis forgets everything at once: cache, locks and jobs.',
  outside: 'A restart of a Redis that keeps nothing, a command in the wrong terminal.',
  target: 'store',
  example: { target: 'redis', params: {} },
  stores: ['redis'],
  params: Type.Object({}, closed),
  inject: (order, context) =>
    injectAll({
      mechanism: 'FLUSHALL',
      targets: order.targets,
      signal: context.signal,
      apply: () =>
        withRedis(context.runtime.addresses.redisUrl, async (redis) => {
          await redis.flushall('SYNC')
        }),
      // Nobody can undo forgetting.
      undo: async () => {},
    }),
})
