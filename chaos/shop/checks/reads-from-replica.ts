import { Type } from 'typebox'

import { checkResult, inconclusiveResult } from '#chaos/checks/lib/check-result.ts'
import { clockOf } from '#chaos/checks/lib/clock-of.ts'
import { formatPercent } from '#chaos/checks/lib/format.ts'
import { checkParams } from '#chaos/checks/lib/params.ts'

import type { ShopEvidence } from '../evidence.ts'
import { defineCheck } from './lib/define-check.ts'

const name = 'reads-from-replica'

/** The statement that reads an order, whatever else it selects. */
const signature = 'SELECT orders'
const primary = /^api-\d+:postgres$/
const replica = /^api-\d+:postgres-replica$/

/** Without it, a fix could send every read to the primary: always right, and the replica would be of no use. */
export const readsFromReplica = defineCheck({
  name,
  measures: 'share',
  description:
    'Before the first fault, the replica is up to date and serves at least this share of the order reads.',
  example: { atLeast: 0.5 },
  params: checkParams({
    atLeast: Type.Number({
      minimum: 0,
      maximum: 1,
      description: 'Share of the statements that read an order, from 0 to 1.',
    }),
  }),
  taps: () => 'api-*:postgres*',
  judge(evidence, { atLeast }) {
    const title = `at least ${formatPercent(atLeast)} of the order reads from the replica`
    const fromReplica = readsOn(replica, evidence)
    const fromPrimary = readsOn(primary, evidence)
    const total = fromReplica + fromPrimary
    if (total === 0)
      return inconclusiveResult(
        name,
        title,
        'No order was read before the first fault. Give the workload a rate for reads.',
      )
    const share = fromReplica / total
    const figures = `${fromReplica} of ${total} order reads before the first fault came from the replica (${formatPercent(share)}); at least ${formatPercent(atLeast)} required.`
    return checkResult({
      name,
      title,
      measured: share,
      limit: atLeast,
      offenders:
        share >= atLeast
          ? []
          : [
              {
                id: 'api-*:postgres',
                expected: `at most ${formatPercent(1 - atLeast)} of the order reads`,
                actual: `${fromPrimary} of ${total}`,
              },
            ],
      held: figures,
      violated: figures,
    })
  },
})

function readsOn(link: RegExp, evidence: ShopEvidence): number {
  const clock = clockOf(evidence)
  return evidence.journal.filter(
    (event) =>
      event.type === 'exchange' &&
      event.part === 'request' &&
      event.signature === signature &&
      link.test(event.link) &&
      clock.msOf(event.ms) < evidence.faultsFromMs,
  ).length
}
