import { noParams } from '#chaos/checks/lib/params.ts'

import { defineCheck } from './lib/define-check.ts'
import { judgeSetAside } from './lib/set-aside.ts'

const name = 'poison-set-aside'
const title = 'every poison order is parked'

/** A poison order ends as parked, for a manual decision. The worker does not drop it, retry it forever or charge it. */
export const poisonSetAside = defineCheck({
  name,
  description: 'Every acknowledged poison order ends as parked, without a charge.',
  params: noParams,
  judge: (evidence) =>
    judgeSetAside(evidence, { name, title, tag: 'poison', what: 'poison order' }),
})
