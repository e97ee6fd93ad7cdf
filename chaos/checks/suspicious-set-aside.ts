import { defineCheck } from './lib/define-check.ts'
import { noParams } from './lib/params.ts'
import { judgeSetAside } from './lib/set-aside.ts'

const name = 'suspicious-set-aside'
const title = 'what is suspicious is set aside'

/** The floor beside the speed of a risk score: who assesses nothing is never in anybody's way. */
export const suspiciousSetAside = defineCheck({
  name,
  description: 'Every acknowledged suspicious order is parked, and nothing was charged for it.',
  params: noParams,
  judge: (evidence) =>
    judgeSetAside(evidence, { name, title, tag: 'suspicious', what: 'suspicious order' }),
})
