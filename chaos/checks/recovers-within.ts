import { Type } from 'typebox'

import { defineCheck } from './lib/define-check.ts'
import { milliseconds } from './lib/format-figures.ts'
import { judged } from './lib/judged.ts'
import { checkParams } from './lib/params.ts'
import { whatIsNotSettled } from './lib/what-is-not-settled.ts'

const name = 'recovers-within'

/** How long after the last fault was undone everything was at rest again. Polled, never slept. */
export const recoversWithin = defineCheck({
  name,
  description: 'After the heal, everything is ready and at rest within this time.',
  example: { withinMs: 10_000 },
  params: checkParams({
    withinMs: Type.Number({ minimum: 0, description: 'Milliseconds after the heal.' }),
  }),
  judge(evidence, { withinMs }) {
    const title = `recovers within ${milliseconds(withinMs)}`
    const took = evidence.recoveredAfterMs
    const late = took === null || took > withinMs
    const left = whatIsNotSettled(evidence.truth)
    const actual =
      took === null
        ? `not at rest when the run stopped waiting${left.length > 0 ? `: ${left.join(', ')}` : ''}`
        : `at rest after ${milliseconds(took)}`
    return judged({
      name,
      title,
      ...(took === null ? {} : { measured: took }),
      limit: withinMs,
      offenders: late
        ? [{ id: 'the shop', expected: `at rest within ${milliseconds(withinMs)}`, actual }]
        : [],
      held: `At rest ${milliseconds(took ?? 0)} after the heal.`,
      violated: `It was ${actual}; ${milliseconds(withinMs)} was allowed.`,
    })
  },
})
