import { Type } from 'typebox'

import { countMax, nameLengthMax } from '#chaos/contracts/max.ts'
import { wildcardPattern } from '#chaos/lib/wildcard-pattern.ts'

import { inconclusiveResult, checkResult } from './lib/check-result.ts'
import { defineCheck } from './lib/define-check.ts'
import { formatCount } from './lib/format.ts'
import { checkParams } from './lib/params.ts'

const name = 'restarts-at-most'

/** Restarts by the supervisor, of instances that exit by themselves or fail their liveness probe. */
export const restartsAtMost = defineCheck({
  name,
  measures: 'events',
  description:
    'The supervisor restarts instances at most this many times. Restarts by the scenario do not count.',
  example: { atMost: 0, instance: 'api-*' },
  params: checkParams({
    atMost: Type.Integer({
      minimum: 0,
      maximum: countMax,
      description: 'Number of restarts by the supervisor.',
    }),
    instance: Type.Optional(
      Type.String({
        maxLength: nameLengthMax,
        description: 'Pattern of instances, such as api-*. Without it: all.',
      }),
    ),
  }),
  judge({ journal }, { atMost, instance }) {
    const of = instance === undefined ? '' : ` of ${instance}`
    const title = `at most ${formatCount(atMost, 'restart')}${of} by the supervisor`
    if (journal.length === 0)
      return inconclusiveResult(name, title, 'The journal of the run is empty. Run it again.')
    const wanted = wildcardPattern(instance ?? '*')
    const restarts = journal.flatMap((event) =>
      event.type === 'instance' &&
      event.by === 'supervisor' &&
      event.state === 'starting' &&
      wanted.test(event.instance)
        ? [event]
        : [],
    )
    const figures = `The supervisor made ${formatCount(restarts.length, 'restart')}${of}; at most ${atMost} allowed.`
    return checkResult({
      name,
      title,
      measured: restarts.length,
      limit: atMost,
      offenders:
        restarts.length <= atMost
          ? []
          : [...Map.groupBy(restarts, (event) => event.instance)].map(([id, events]) => ({
              id,
              expected: 'keeps running',
              actual: `the supervisor restarted it ${formatCount(events.length, 'time')}`,
            })),
      held: figures,
      violated: figures,
    })
  },
})
