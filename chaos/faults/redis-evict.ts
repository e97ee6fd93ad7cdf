import { Type } from 'typebox'

import { nameLengthMax } from '#chaos/contracts/max.ts'

import { defineFault } from './lib/define-fault.ts'
import { injectAll } from './lib/inject-all.ts'
import { faultParameters, shareParameter } from './lib/parameters.ts'
import { withRedis } from './lib/redis.ts'

export const redisEvict = defineFault({
  kind: 'redis-evict',
  description:
    'Redis drops a random part of its keys, as an eviction policy does when memory is short.',
  outside: 'A Redis at its memory limit with an eviction policy.',
  target: 'store',
  example: { target: 'redis', params: { share: 0.5, match: 'cache:*' } },
  stores: ['redis'],
  params: faultParameters({
    share: shareParameter('The share of keys that are dropped.'),
    match: Type.Optional(
      Type.String({
        maxLength: nameLengthMax,
        description: 'Only keys that match this pattern, such as cache:*.',
      }),
    ),
  }),
  inject: (request, context) => {
    const { share, match = '*' } = request.params
    let dropped = 0
    return injectAll({
      mechanism: 'UNLINK',
      describe: () => ({ mechanism: `UNLINK of ${dropped} keys`, hit: dropped }),
      targets: request.targets,
      signal: context.signal,
      apply: () =>
        withRedis(context.runtime.addresses.redisUrl, async (redis) => {
          const keys: string[] = []
          for await (const found of redis.scanStream({ match, count: 1_000 }))
            keys.push(...(found as string[]))
          // Sorted, so that the same seed picks the same keys.
          const gone = keys.toSorted().filter(() => context.random.next() < share)
          if (gone.length > 0) dropped = await redis.unlink(...gone)
        }),
      heal: async () => {},
    })
  },
})
