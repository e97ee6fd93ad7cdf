import { noParams } from '#chaos/checks/lib/params.ts'

import { defineCheck } from './lib/define-check.ts'
import { judgeSetAside } from './lib/set-aside.ts'

const name = 'suspicious-set-aside'
const title = 'every suspicious order is parked'

/** The floor for a fast risk score: a worker that assesses no order is fast, and lets every suspicious order through. */
export const suspiciousSetAside = defineCheck({
  name,
  description: 'Every acknowledged suspicious order ends as parked, without a charge.',
  params: noParams,
  judge: (evidence) =>
    judgeSetAside(evidence, { name, title, tag: 'suspicious', what: 'suspicious order' }),
})
