import { Type } from 'typebox'

import { millisecondsMax } from '#chaos/contracts/max.ts'

import { checkResult } from './lib/check-result.ts'
import type { CheckedSystem } from './lib/checked-system.ts'
import { defineCheck } from './lib/define-check.ts'
import { formatMs } from './lib/format.ts'
import { checkParams } from './lib/params.ts'

const name = 'recovers-within'

/** Time from the heal until every instance is ready and the system is settled. */
export const recoversWithin = ({ name: system }: CheckedSystem) =>
  defineCheck({
    name,
    description: `Every instance is ready and the ${system} is settled within this time after the heal.`,
    example: { withinMs: 10_000 },
    params: checkParams({
      withinMs: Type.Number({
        minimum: 0,
        maximum: millisecondsMax,
        description: 'Milliseconds after the heal.',
      }),
    }),
    judge(evidence, { withinMs }) {
      const title = `the ${system} recovers within ${formatMs(withinMs)}`
      const took = evidence.recoveredAfterMs
      const late = took === null || took > withinMs
      const left = evidence.unsettled
      const actual =
        took === null
          ? `not settled at the deadline of the run${left.length > 0 ? `: ${left.join(', ')}` : ''}`
          : `settled after ${formatMs(took)}`
      const figures = `The ${system} was settled ${formatMs(took ?? 0)} after the heal; ${formatMs(withinMs)} allowed.`
      return checkResult({
        name,
        title,
        ...(took === null ? {} : { measured: took }),
        limit: withinMs,
        offenders: late
          ? [{ id: `the ${system}`, expected: `settled within ${formatMs(withinMs)}`, actual }]
          : [],
        held: figures,
        violated: took === null ? `The ${system} was ${actual}.` : figures,
      })
    },
  })
