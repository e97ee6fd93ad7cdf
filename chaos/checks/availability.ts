import { Type } from 'typebox'

import { nameLengthMax } from '#chaos/contracts/max.ts'

import { inconclusiveResult, checkResult } from './lib/check-result.ts'
import type { CheckedSystem } from './lib/checked-system.ts'
import { defineCheck } from './lib/define-check.ts'
import { describeFailure, operationName, operationNouns } from './lib/describe-operation.ts'
import { formatPercent } from './lib/format.ts'
import { checkParams } from './lib/params.ts'
import { duringParam, ofParam, operationsIn, windowName } from './lib/window.ts'

const name = 'availability'

/** The floor for every safety check: a system that refuses every request loses nothing, and serves no customer. */
export const availability = ({ operations, refusals }: CheckedSystem) =>
  defineCheck({
    name,
    measures: 'share',
    description: `At least this share of the operations succeeds, retries included. True refusals${refusals === undefined ? '' : ` (${refusals})`} do not count.`,
    example: { of: operations[0]?.kind ?? '', atLeast: 0.99 },
    params: checkParams({
      of: ofParam(operations),
      atLeast: Type.Number({ minimum: 0, maximum: 1, description: 'Share, 0 to 1.' }),
      during: duringParam,
      answered: Type.Optional(
        Type.String({
          minLength: 1,
          maxLength: nameLengthMax,
          description: `Only this answer counts as success${answerExample(operations)}.`,
        }),
      ),
    }),
    judge(evidence, { of, atLeast, during, answered }) {
      const nouns = operationNouns(operations, of)
      const what = answered === undefined ? nouns : `${nouns} (answer \`${answered}\`)`
      const title = `availability of ${what}${windowName(during)} at least ${formatPercent(atLeast)}`
      const counted = operationsIn(evidence, of, during).filter(
        (operation) => !evidence.isTrueRefusal(operation),
      )
      if (counted.length === 0)
        return inconclusiveResult(
          name,
          title,
          `The workload sent no ${nouns}${windowName(during)}. Give it a rate for them.`,
        )
      const missed = counted.filter(
        ({ outcome, answer }) =>
          outcome !== 'ok' || (answered !== undefined && answer !== answered),
      )
      const share = (counted.length - missed.length) / counted.length
      const total = `${counted.length} ${nouns}`
      const did = answered === undefined ? 'succeeded' : `received the answer \`${answered}\``
      const didNot =
        answered === undefined ? 'failed' : `did not receive the answer \`${answered}\``
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
                    ? 'a success response before the deadline'
                    : `the answer \`${answered}\``,
                actual: describeFailure(operation),
              })),
        held: `${counted.length - missed.length} of ${total} ${did} (${formatPercent(share)}).`,
        violated: `${missed.length} of ${total} ${didNot}: ${formatPercent(share)} succeeded, at least ${formatPercent(atLeast)} required.`,
      })
    },
  })

/** `, such as complete for a quote` */
function answerExample(operations: CheckedSystem['operations']): string {
  const example = operations.find(({ answers = [] }) => answers.length > 0)
  return example === undefined ? '' : `, such as ${example.answers?.[0]} for a ${example.kind}`
}
