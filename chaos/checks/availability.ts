import { Type } from 'typebox'

import type { Operation } from '#chaos/contracts/history.ts'

import { inconclusiveResult, checkResult } from './lib/check-result.ts'
import { defineCheck } from './lib/define-check.ts'
import { describeFailure, operationName } from './lib/describe-operation.ts'
import { formatCount, formatPercent } from './lib/format.ts'
import { checkParams } from './lib/params.ts'
import { duringParam, ofParam, operationsIn, windowName } from './lib/window.ts'

const name = 'availability'

/** The floor beside every safety check: refusing everything would lose nothing, and helps nobody. */
export const availability = defineCheck({
  name,
  description: 'At least this share of the operations got what they asked for, retries included.',
  example: { of: 'place-order', atLeast: 0.99 },
  params: checkParams({
    of: ofParam,
    atLeast: Type.Number({ minimum: 0, maximum: 1, description: 'Share, 0 to 1.' }),
    during: duringParam,
    answered: Type.Optional(
      Type.String({
        minLength: 1,
        description: 'Counts only what was answered with this word, such as complete of a quote.',
      }),
    ),
  }),
  judge(evidence, { of, atLeast, during, answered }) {
    const what = answered === undefined ? of : `${of} (${answered})`
    const title = `availability of ${what}${windowName(during)} at least ${formatPercent(atLeast)}`
    const counted = operationsIn(evidence, of, during).filter(
      (operation) => !rightlyRefused(operation),
    )
    if (counted.length === 0)
      return inconclusiveResult(
        name,
        title,
        `No ${of} was sent${windowName(during)}: give the workload a rate for it.`,
      )
    const missed = counted.filter(
      ({ outcome, answer }) => outcome !== 'ok' || (answered !== undefined && answer !== answered),
    )
    const share = (counted.length - missed.length) / counted.length
    return checkResult({
      name,
      title,
      measured: share,
      limit: atLeast,
      offenders:
        share >= atLeast
          ? []
          : missed.map((operation) => ({
              id: operationName(operation),
              expected:
                answered === undefined
                  ? 'an answer with a yes before the deadline'
                  : `the answer ${answered}`,
              actual: describeFailure(operation),
            })),
      held: `${counted.length - missed.length} of ${formatCount(counted.length, what, what)} got a yes (${formatPercent(share)}).`,
      violated: `${missed.length} of ${formatCount(counted.length, what, what)} got no yes: ${formatPercent(share)} did, at least ${formatPercent(atLeast)} must.`,
    })
  },
})

/** A no that is the right answer: nothing left to sell, or a key that was used for another order. */
function rightlyRefused(operation: Operation): boolean {
  if (operation.outcome !== 'fail') return false
  const status = operation.attempts.at(-1)?.status ?? 0
  return (
    operation.answer === 'sold-out' ||
    (operation.tags.includes('duplicate') && (status === 409 || status === 422))
  )
}
