import { Type } from 'typebox'

import { inconclusiveResult, checkResult } from '#chaos/checks/lib/check-result.ts'
import { formatCount, formatMs } from '#chaos/checks/lib/format.ts'
import { checkParams } from '#chaos/checks/lib/params.ts'
import { millisecondsMax, nameLengthMax, timesMax } from '#chaos/contracts/max.ts'
import { percentile } from '#chaos/lib/percentile.ts'

import type { ShopEvidence } from '../evidence.ts'
import type { OrderEventRow } from '../truth/truth.ts'
import { finalStatuses } from '../truth/truth.ts'
import { defineCheck } from './lib/define-check.ts'
import { orderName, orderCases } from './lib/order-cases.ts'
import type { OrderCase } from './lib/order-cases.ts'

const name = 'settles-within'

/** A time below this is never too long: a busy laptop alone can reach it. */
const floorDefaultMs = 1_000
/** Fewer orders than this are not a baseline. */
const steadyOrdersMin = 5

/**
 * Time from `placed` to the final status of an order, as a multiple of the steady state of the same run. The client's latency
 * does not contain it: the API responds before the worker starts. An unfinished order counts with its time up to the final reads.
 */
export const settlesWithin = defineCheck({
  name,
  description:
    "Nine of ten acknowledged orders finish within this many times the p90 time to finish of the run's own steady state.",
  example: { p90AtMostTimesSteady: 5, except: 'huge' },
  params: checkParams({
    p90AtMostTimesSteady: Type.Number({
      minimum: 1,
      maximum: timesMax,
      description: 'Limit, as a multiple of the p90 in the steady state.',
    }),
    floorMs: Type.Optional(
      Type.Number({
        minimum: 0,
        maximum: millisecondsMax,
        description: 'A time below this many milliseconds is never too long. Default: 1000.',
      }),
    ),
    except: Type.Optional(
      Type.String({
        minLength: 1,
        maxLength: nameLengthMax,
        description: 'Orders with this role do not count, such as huge.',
      }),
    ),
  }),
  judge(evidence, { p90AtMostTimesSteady: times, floorMs = floorDefaultMs, except }) {
    const others = except === undefined ? '' : ` (except ${except} orders)`
    const title = `p90 time to finish of orders${others} at most ${times} times the steady state`
    const steadyIds = new Set(evidence.steadyOperations.map(({ id }) => id))
    const isSteady = ({ operations }: OrderCase): boolean =>
      operations.some(({ id }) => steadyIds.has(id))
    const durations = orderCases(evidence)
      .filter(({ acknowledged, operations }) => acknowledged && !hasRole(operations, except))
      .flatMap((order) => {
        const duration = orderDuration(order.events, evidence)
        if (duration === undefined) return []
        return [{ id: orderName(order), ...duration, steady: isSteady(order) }]
      })
    const steady = durations.filter((duration) => duration.steady)
    const counted = durations.filter((duration) => !duration.steady)
    if (counted.length === 0)
      return inconclusiveResult(
        name,
        title,
        'No order was acknowledged after the steady state. Give the workload a rate for orders.',
      )
    if (steady.length < steadyOrdersMin)
      return inconclusiveResult(
        name,
        title,
        `The steady state has ${formatCount(steady.length, 'order')}; a baseline needs at least ${steadyOrdersMin}. Give the workload a higher rate or a longer steady state.`,
      )
    const [steadyMs, measuredMs] = [p90(steady), p90(counted)]
    const limitMs = Math.max(floorMs, times * steadyMs)
    const figures = `p90 time to finish ${formatMs(measuredMs)} over ${formatCount(counted.length, 'order')}; steady state ${formatMs(steadyMs)}; limit ${formatMs(limitMs)}`
    return checkResult({
      name,
      title,
      measured: measuredMs,
      limit: limitMs,
      offenders:
        measuredMs <= limitMs
          ? []
          : counted
              .filter(({ ms }) => ms > limitMs)
              .map(({ id, ms, finished }) => ({
                id,
                expected: `finished within ${formatMs(limitMs)}`,
                actual: `${finished ? 'finished' : 'unfinished'} after ${formatMs(ms)}`,
              })),
      held: figures,
      violated: figures,
    })
  },
})

function hasRole(operations: OrderCase['operations'], role: string | undefined): boolean {
  return role !== undefined && operations.some(({ tags }) => tags.includes(role))
}

/** Milliseconds from the first status to the final status, or to the final reads for an unfinished order. */
function orderDuration(
  events: readonly OrderEventRow[],
  { truth }: ShopEvidence,
): { readonly ms: number; readonly finished: boolean } | undefined {
  const [first] = events
  if (first === undefined) return undefined
  const end = events.find(({ status }) => finalStatuses.has(status))
  const ms = Date.parse(end?.at ?? truth.takenAt) - Date.parse(first.at)
  return { ms, finished: end !== undefined }
}

function p90(durations: readonly { readonly ms: number }[]): number {
  return percentile(
    durations.map(({ ms }) => ms),
    0.9,
  )
}
