import { Type } from 'typebox'

import { inconclusiveResult, checkResult } from '#chaos/checks/lib/check-result.ts'
import { formatCount, formatMs } from '#chaos/checks/lib/format.ts'
import { checkParams } from '#chaos/checks/lib/params.ts'
import { millisecondsMax } from '#chaos/contracts/max.ts'

import type { ShopEvidence } from '../evidence.ts'
import type { ShopCounters } from '../truth/truth.ts'
import { defineCheck } from './lib/define-check.ts'

const name = 'drains-within'

/** Time from the heal until queue and outbox are empty and stay empty, by the figures in the journal. */
export const drainsWithin = defineCheck({
  name,
  description: 'Queue and outbox are empty within this time after the heal, and stay empty.',
  example: { withinMs: 10_000 },
  params: checkParams({
    withinMs: Type.Number({
      minimum: 0,
      maximum: millisecondsMax,
      description: 'Milliseconds after the heal.',
    }),
  }),
  judge(evidence, { withinMs }) {
    const title = `queue and outbox drain within ${formatMs(withinMs)}`
    const { queue, outbox } = evidence.truth
    if (evidence.truth.orders.length === 0)
      return inconclusiveResult(
        name,
        title,
        'No order was placed, so nothing had to drain. Give the workload a rate for orders.',
      )
    const jobs = queue.waiting + queue.active + queue.delayed + queue.prioritized
    const rows = outbox.filter(({ publishedAt }) => publishedAt === null).length
    const expected = `queue and outbox empty within ${formatMs(withinMs)}`
    const left = `${formatCount(jobs, 'job')} and ${formatCount(rows, 'outbox row')} left at the end of the run`
    const took = jobs + rows > 0 ? null : (drainedAfterMs(evidence) ?? evidence.recoveredAfterMs)
    if (took === null && jobs + rows === 0)
      return inconclusiveResult(
        name,
        title,
        'Queue and outbox are empty, but the journal has no figures that show since when.',
      )
    const late = took === null || took > withinMs
    const actual = took === null ? left : `empty after ${formatMs(took)}`
    const figures = `Queue and outbox were empty ${formatMs(took ?? 0)} after the heal; ${formatMs(withinMs)} allowed.`
    return checkResult({
      name,
      title,
      ...(took === null ? {} : { measured: took }),
      limit: withinMs,
      offenders: late ? [{ id: 'the queue', expected, actual }] : [],
      held: figures,
      violated: took === null ? `Queue and outbox did not drain: ${left}.` : figures,
    })
  },
})

/** Milliseconds from the heal to the first once-a-second figures after which both stay empty. Null without such figures. */
function drainedAfterMs({ journal }: ShopEvidence): number | null {
  const healed = journal.findLast((event) => event.type === 'phase' && event.phase === 'heal')
  if (healed === undefined) return null
  const figures = journal.flatMap((event) =>
    event.type === 'figures' && event.truth !== undefined && event.ms >= healed.ms
      ? [{ ms: event.ms, busy: isBusy(event.truth as ShopCounters) }]
      : [],
  )
  const firstEmpty = figures.findLastIndex(({ busy }) => busy) + 1
  const at = figures[firstEmpty]
  return at === undefined ? null : at.ms - healed.ms
}

function isBusy({ queueWaiting, queueActive, queueDelayed, outboxWaiting }: ShopCounters): boolean {
  return queueWaiting + queueActive + queueDelayed + outboxWaiting > 0
}
