import { Type } from 'typebox'

import type { Evidence, Offender } from '#chaos/contracts/check.ts'
import type { OrderEventRow } from '#chaos/contracts/truth.ts'

import { inconclusiveResult, checkResult } from './lib/check-result.ts'
import { defineCheck } from './lib/define-check.ts'
import { formatCount, formatMs } from './lib/format.ts'
import { orderName, orderCases } from './lib/order-cases.ts'
import { checkParams } from './lib/params.ts'

const name = 'takeovers-at-most'

/** Work that somebody began and somebody else had to begin again: nobody is charged twice, and somebody waits for it. */
export const takeoversAtMost = defineCheck({
  name,
  description:
    'At most so many orders were begun by one worker and ended by another one, or by itself after a new start.',
  example: { atMost: 0 },
  params: checkParams({
    atMost: Type.Integer({ minimum: 0, description: 'Orders that changed hands.' }),
  }),
  judge(evidence, { atMost }) {
    const title = `at most ${formatCount(atMost, 'order')} taken over`
    const begun = orderCases(evidence).filter(({ events }) => events.some(isBegin))
    if (begun.length === 0)
      return inconclusiveResult(name, title, 'No order was worked on, so none could be taken over.')
    const takenOver = begun.flatMap((order) =>
      takeoversOf(order.events, evidence).map((offender) => ({
        id: orderName(order),
        ...offender,
      })),
    )
    const figures = `${takenOver.length} of ${formatCount(begun.length, 'order')} had to be begun again by somebody else.`
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

function isBegin({ status }: OrderEventRow): boolean {
  return status === 'charging'
}

/** The begin and the end of the work in the shop's own log of statuses; the first end counts. */
function takeoversOf(events: readonly OrderEventRow[], evidence: Evidence): Omit<Offender, 'id'>[] {
  const begin = events.find(isBegin)
  if (begin === undefined) return []
  const end = events.find((event) => event.status !== 'placed' && !isBegin(event))
  if (end === undefined) return []
  const tookMs = Date.parse(end.at) - Date.parse(begin.at)
  const by = end.instance === begin.instance ? `${end.instance}, started anew,` : end.instance
  if (end.instance === begin.instance && !startedBetween(begin, end, evidence)) return []
  return [
    {
      expected: `${begin.instance} ends what it began`,
      actual: `${by} did, ${formatMs(tookMs)} later`,
    },
  ]
}

function startedBetween(begin: OrderEventRow, end: OrderEventRow, { journal }: Evidence): boolean {
  return journal.some(
    (event) =>
      event.type === 'instance' &&
      event.state === 'starting' &&
      event.instance === begin.instance &&
      event.at > begin.at &&
      event.at < end.at,
  )
}
