import { defineCheck } from './lib/define-check.ts'
import { noParams } from './lib/params.ts'
import { judgeSetAside } from './lib/set-aside.ts'

const name = 'poison-set-aside'
const title = 'what nobody can work on is set aside'

/** A poisonous order waits for a person: it is not dropped, not tried for ever, and nobody is charged for it. */
export const poisonSetAside = defineCheck({
  name,
  description: 'Every acknowledged poisonous order is parked, and nothing was charged for it.',
  params: noParams,
  judge: (evidence) =>
    judgeSetAside(evidence, { name, title, tag: 'poison', what: 'poisonous order' }),
})
