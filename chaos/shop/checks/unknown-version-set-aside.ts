import { Type } from 'typebox'

import { checkParams } from '#chaos/checks/lib/params.ts'
import { countMax } from '#chaos/contracts/max.ts'

import { defineCheck } from './lib/define-check.ts'
import { hasVersion } from './lib/order-cases.ts'
import { judgeSetAside } from './lib/set-aside.ts'

const name = 'unknown-version-set-aside'

/** A worker parks an order whose message version it does not know. It neither drops the order nor guesses. */
export const unknownVersionSetAside = defineCheck({
  name,
  description:
    'Every acknowledged order whose message has this version ends as parked, without a charge.',
  example: { version: 3 },
  params: checkParams({
    version: Type.Integer({
      minimum: 1,
      maximum: countMax,
      description: 'Version of the message, which is unknown.',
    }),
  }),
  judge: (evidence, { version }) =>
    judgeSetAside(evidence, {
      name,
      title: `every order with a message of version ${version} is parked`,
      tag: (order) => hasVersion(order, version),
      what: `version ${version} order`,
    }),
})
