import { Type } from 'typebox'

import { checkResult } from './lib/check-result.ts'
import { defineCheck } from './lib/define-check.ts'
import { formatMs } from './lib/format.ts'
import { checkParams } from './lib/params.ts'
import { unsettledWork } from './lib/unsettled-work.ts'

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
    const title = `recovers within ${formatMs(withinMs)}`
    const took = evidence.recoveredAfterMs
    const late = took === null || took > withinMs
    const left = unsettledWork(evidence.truth)
    const actual =
      took === null
        ? `not at rest when the run stopped waiting${left.length > 0 ? `: ${left.join(', ')}` : ''}`
        : `at rest after ${formatMs(took)}`
    return checkResult({
      name,
      title,
      ...(took === null ? {} : { measured: took }),
      limit: withinMs,
      offenders: late
        ? [{ id: 'the shop', expected: `at rest within ${formatMs(withinMs)}`, actual }]
        : [],
      held: `At rest ${formatMs(took ?? 0)} after the heal.`,
      violated: `It was ${actual}; ${formatMs(withinMs)} was allowed.`,
    })
  },
})
