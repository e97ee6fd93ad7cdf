import { Type } from 'typebox'

import { wildcardPattern } from '#chaos/lib/wildcard-pattern.ts'

import { defineCheck } from './lib/define-check.ts'
import { count } from './lib/format-figures.ts'
import { inconclusive, judged } from './lib/judged.ts'
import { checkParams } from './lib/params.ts'

const name = 'restarts-at-most'

/** Restarts that nobody ordered: the supervisor's, of what died by itself or failed its liveness probe. */
export const restartsAtMost = defineCheck({
  name,
  description:
    'The supervisor restarted instances at most this often; what a scenario crashed does not count.',
  example: { atMost: 0, instance: 'api-*' },
  params: checkParams({
    atMost: Type.Integer({ minimum: 0, description: 'Restarts that the supervisor did.' }),
    instance: Type.Optional(Type.String({ description: 'Pattern, such as api-*. Absent: all.' })),
  }),
  judge({ journal }, { atMost, instance }) {
    const of = instance === undefined ? '' : ` of ${instance}`
    const title = `at most ${count(atMost, 'restart')}${of}`
    if (journal.length === 0) return inconclusive(name, title, 'The journal is empty.')
    const wanted = wildcardPattern(instance ?? '*')
    const restarts = journal.flatMap((event) =>
      event.type === 'instance' &&
      event.by === 'supervisor' &&
      event.state === 'starting' &&
      wanted.test(event.instance)
        ? [event]
        : [],
    )
    const figures = `${count(restarts.length, 'restart')}${of} by the supervisor.`
    return judged({
      name,
      title,
      measured: restarts.length,
      limit: atMost,
      offenders:
        restarts.length <= atMost
          ? []
          : [...Map.groupBy(restarts, (event) => event.instance)].map(([id, events]) => ({
              id,
              expected: 'it keeps running',
              actual: `restarted ${count(events.length, 'time')}`,
            })),
      held: figures,
      violated: figures,
    })
  },
})
