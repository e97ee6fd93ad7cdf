import { Type } from 'typebox'

import { nameLengthMax } from '#chaos/contracts/max.ts'

import { amplificationResult, duringLoadParam, linkRatio, ratioParam } from './lib/amplification.ts'
import type { CheckedSystem } from './lib/checked-system.ts'
import { defineCheck } from './lib/define-check.ts'
import { checkParams } from './lib/params.ts'
import { ofParam } from './lib/window.ts'

const name = 'amplification'

/** How many downstream requests one upstream request causes. Retries of several layers multiply; a retry budget limits them. */
export const amplification = ({ operations }: CheckedSystem) =>
  defineCheck({
    name,
    description:
      'One operation causes at most this many downstream requests: requests on a tapped link per operation.',
    example: { atMost: 1.2, link: '*', per: operations[0]?.kind ?? '' },
    params: checkParams({
      atMost: ratioParam,
      link: Type.String({ maxLength: nameLengthMax, description: 'Pattern of tapped links.' }),
      exchange: Type.Optional(
        Type.String({
          maxLength: nameLengthMax,
          description: 'Pattern of the exchanges on the link. Without it: all.',
        }),
      ),
      per: ofParam(operations),
      during: duringLoadParam,
    }),
    taps: ({ link }) => link,
    judge(evidence, { atMost, link, exchange = '*', per, during }) {
      const ratio = linkRatio(evidence, { operations, link, exchange, per, during, atMost })
      return amplificationResult(ratio, { name, atMost, during })
    },
  })
