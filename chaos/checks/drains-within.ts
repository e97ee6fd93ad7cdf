import { Type } from 'typebox'

import type { Evidence } from '#chaos/contracts/check.ts'

import { inconclusiveResult, checkResult } from './lib/check-result.ts'
import { defineCheck } from './lib/define-check.ts'
import { formatCount, formatMs } from './lib/format.ts'
import { checkParams } from './lib/params.ts'

const name = 'drains-within'

/** How long after the heal the queue and the outbox were empty for good, by the figures of the journal. */
export const drainsWithin = defineCheck({
  name,
  description: 'After the heal, queue and outbox are empty within this time, and stay so.',
  example: { withinMs: 10_000 },
  params: checkParams({
    withinMs: Type.Number({ minimum: 0, description: 'Milliseconds after the heal.' }),
  }),
  judge(evidence, { withinMs }) {
    const title = `queue and outbox drain within ${formatMs(withinMs)}`
    const { queue, outbox } = evidence.truth
    if (evidence.truth.orders.length === 0)
      return inconclusiveResult(name, title, 'No order was placed, so there was nothing to drain.')
    const jobs = queue.waiting + queue.active + queue.delayed + queue.prioritized
    const rows = outbox.filter(({ publishedAt }) => publishedAt === null).length
    const expected = `both empty within ${formatMs(withinMs)}`
    const left = `${formatCount(jobs, 'job')} and ${formatCount(rows, 'outbox row')} left at the end`
    const took = jobs + rows > 0 ? null : (drainedAfterMs(evidence) ?? evidence.recoveredAfterMs)
    if (took === null && jobs + rows === 0)
      return inconclusiveResult(name, title, 'Both are empty, but no figure says since when.')
    const late = took === null || took > withinMs
    const actual = took === null ? left : `empty after ${formatMs(took)}`
    return checkResult({
      name,
      title,
      ...(took === null ? {} : { measured: took }),
      limit: withinMs,
      offenders: late ? [{ id: 'the queue', expected, actual }] : [],
      held: `Empty ${formatMs(took ?? 0)} after the heal.`,
      violated: `It was ${actual}; ${formatMs(withinMs)} was allowed.`,
    })
  },
})

/** By the once-a-second figures: the first from which on both stayed empty; null without figures after the heal. */
function drainedAfterMs({ journal }: Evidence): number | null {
  const healed = journal.findLast((event) => event.type === 'phase' && event.phase === 'heal')
  if (healed === undefined) return null
  const figures = journal.flatMap((event) =>
    event.type === 'figures' && event.truth !== undefined && event.ms >= healed.ms
      ? [{ ms: event.ms, waits: waits(event.truth) }]
      : [],
  )
  const firstEmpty = figures.findLastIndex((figure) => figure.waits) + 1
  const at = figures[firstEmpty]
  return at === undefined ? null : at.ms - healed.ms
}

function waits(counters: {
  readonly queueWaiting: number
  readonly queueActive: number
  readonly queueDelayed: number
  readonly outboxWaiting: number
}): boolean {
  const { queueWaiting, queueActive, queueDelayed, outboxWaiting } = counters
  return queueWaiting + queueActive + queueDelayed + outboxWaiting > 0
}
