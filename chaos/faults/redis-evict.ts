import { Type } from 'typebox'

import { nameLengthMax } from '#chaos/contracts/max.ts'

import { defineFault } from './lib/define-fault.ts'
import { injectAll } from './lib/inject-all.ts'
import { faultParameters, shareParameter } from './lib/parameters.ts'
import { withRedis } from './lib/redis.ts'

export const redisEvict = defineFault({
  kind: 'redis-evict',
  description:
    'Redis drops its keys, or a random part of them, as an eviction policy does when memory is short.',
  outside: 'A Redis at its memory limit with an eviction policy.',
  target: 'store',
  example: { target: 'redis', params: { match: 'product:*' } },
  stores: ['redis'],
  params: faultParameters({
    share: Type.Optional(
      shareParameter('The share of matching keys that are dropped; all when absent.'),
    ),
    match: Type.Optional(
      Type.String({
        maxLength: nameLengthMax,
        description: 'Only keys that match this pattern, such as product:*; all keys when absent.',
      }),
    ),
  }),
  inject: (request, context) => {
    const { share = 1, match } = request.params
    let [dropped, matching] = [0, 0]
    return injectAll({
      mechanism: 'UNLINK',
      describe: () => ({
        mechanism: `UNLINK: ${dropped} of ${matching} keys${match === undefined ? '' : ` that match ${match}`} removed`,
        hit: dropped,
      }),
      targets: request.targets,
      signal: context.signal,
      apply: () =>
        withRedis(context.runtime.addresses.redisUrl, async (redis) => {
          const keys: string[] = []
          for await (const found of redis.scanStream({ match: match ?? '*', count: 1_000 }))
            keys.push(...(found as string[]))
          matching = keys.length
          // Sorted, so that the same seed picks the same keys.
          const gone = keys.toSorted().filter(() => context.random.next() < share)
          if (gone.length > 0) dropped = await redis.unlink(...gone)
        }),
      heal: async () => {},
    })
  },
})
