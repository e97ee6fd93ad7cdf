import { Type } from 'typebox'

import { inconclusiveResult, checkResult } from '#chaos/checks/lib/check-result.ts'
import { formatCount, formatMs } from '#chaos/checks/lib/format.ts'
import { checkParams } from '#chaos/checks/lib/params.ts'
import type { Offender } from '#chaos/contracts/check.ts'
import { countMax } from '#chaos/contracts/max.ts'

import type { ShopEvidence } from '../evidence.ts'
import type { OrderEventRow } from '../truth/truth.ts'
import { defineCheck } from './lib/define-check.ts'
import { orderName, orderCases } from './lib/order-cases.ts'

const name = 'takeovers-at-most'

/** Orders that one worker starts and another one must start again. No customer is charged twice, but the customer waits longer. */
export const takeoversAtMost = defineCheck({
  name,
  measures: 'events',
  description:
    'At most this many orders are started by one worker and finished by another one, or by the same one after a restart.',
  example: { atMost: 0 },
  params: checkParams({
    atMost: Type.Integer({
      minimum: 0,
      maximum: countMax,
      description: 'Number of orders that another or a restarted worker finishes.',
    }),
  }),
  judge(evidence, { atMost }) {
    const title = `at most ${formatCount(atMost, 'order')} taken over`
    const started = orderCases(evidence).filter(({ events }) => events.some(isStart))
    if (started.length === 0)
      return inconclusiveResult(
        name,
        title,
        'No worker started an order, so none could be taken over. Give the workload a rate for orders.',
      )
    const takenOver = started.flatMap((order) =>
      takeoversOf(order.events, evidence).map((offender) => ({
        id: orderName(order),
        ...offender,
      })),
    )
    const figures = `Another worker, or a restarted one, finished ${takenOver.length} of ${formatCount(started.length, 'order')}; at most ${atMost} allowed.`
    return checkResult({
      name,
      title,
      measured: takenOver.length,
      limit: atMost,
      offenders: takenOver.length <= atMost ? [] : takenOver,
      held: figures,
      violated: figures,
    })
  },
})

function isStart({ status }: OrderEventRow): boolean {
  return status === 'charging'
}

/** Start and end of the work, by the shop's log of statuses. The first end counts. */
function takeoversOf(
  events: readonly OrderEventRow[],
  evidence: ShopEvidence,
): Omit<Offender, 'id'>[] {
  const start = events.find(isStart)
  if (start === undefined) return []
  const end = events.find((event) => event.status !== 'placed' && !isStart(event))
  if (end === undefined) return []
  const tookMs = Date.parse(end.at) - Date.parse(start.at)
  const restarted = end.instance === start.instance ? ' after a restart' : ''
  if (end.instance === start.instance && !restartedBetween(start, end, evidence)) return []
  return [
    {
      expected: `${start.instance} finishes the order that it started`,
      actual: `${end.instance} finished it${restarted}, ${formatMs(tookMs)} later`,
    },
  ]
}

function restartedBetween(
  start: OrderEventRow,
  end: OrderEventRow,
  { journal }: ShopEvidence,
): boolean {
  return journal.some(
    (event) =>
      event.type === 'instance' &&
      event.state === 'starting' &&
      event.instance === start.instance &&
      event.at > start.at &&
      event.at < end.at,
  )
}
