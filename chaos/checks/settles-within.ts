import { Type } from 'typebox'

import type { Evidence } from '#chaos/contracts/check.ts'
import type { OrderEventRow } from '#chaos/contracts/truth.ts'
import { finalStatuses } from '#chaos/contracts/truth.ts'
import { percentile } from '#chaos/lib/percentile.ts'

import { defineCheck } from './lib/define-check.ts'
import { count, milliseconds } from './lib/format-figures.ts'
import { inconclusive, judged } from './lib/judged.ts'
import { nameOf, orderCases } from './lib/order-cases.ts'
import type { OrderCase } from './lib/order-cases.ts'
import { checkParams } from './lib/params.ts'

const name = 'settles-within'

/** Below this nobody notices, and a busy laptop alone gets there. */
const floorDefaultMs = 1_000
/** Fewer than this are no yardstick. */
const steadyOrdersMin = 5

/**
 * How long orders are on their way through the worker, from `placed` to their end, as a ratio to the same run's steady
 * state. The client knows nothing of it: it was answered at once. Who is still on its way in the end counts as long as it is.
 */
export const settlesWithin = defineCheck({
  name,
  description:
    "Nine of ten acknowledged orders come to an end at most this many times as late as in the run's own steady state.",
  example: { p90AtMostTimesSteady: 5, except: 'huge' },
  params: checkParams({
    p90AtMostTimesSteady: Type.Number({ minimum: 1, description: 'Of the steady state’s p90.' }),
    floorMs: Type.Optional(
      Type.Number({ minimum: 0, description: 'Below this it is never too late. Default 1000.' }),
    ),
    except: Type.Optional(
      Type.String({ minLength: 1, description: 'Orders with this role do not count: huge.' }),
    ),
  }),
  judge(evidence, { p90AtMostTimesSteady: times, floorMs = floorDefaultMs, except }) {
    const others = except === undefined ? '' : ` but the ${except} ones`
    const title = `p90 of the way of all orders${others} at most ${times} times the steady state`
    const steadyIds = new Set(evidence.steadyOperations.map(({ id }) => id))
    const isSteady = ({ operations }: OrderCase): boolean =>
      operations.some(({ id }) => steadyIds.has(id))
    const ways = orderCases(evidence)
      .filter(({ acknowledged, operations }) => acknowledged && !hasRole(operations, except))
      .flatMap((order) => {
        const ms = wayMs(order.events, evidence)
        return ms === undefined ? [] : [{ id: nameOf(order), ms, steady: isSteady(order) }]
      })
    const steady = ways.filter((way) => way.steady)
    const judgedWays = ways.filter((way) => !way.steady)
    if (judgedWays.length === 0)
      return inconclusive(name, title, 'No order was acknowledged: give the load a rate for them.')
    if (steady.length < steadyOrdersMin)
      return inconclusive(
        name,
        title,
        `Only ${count(steady.length, 'order')} in the steady state: too few for a yardstick.`,
      )
    const [steadyMs, measuredMs] = [p90(steady), p90(judgedWays)]
    const limitMs = Math.max(floorMs, times * steadyMs)
    const figures = `p90 ${milliseconds(measuredMs)} over ${count(judgedWays.length, 'order')}; steady state ${milliseconds(steadyMs)}, limit ${milliseconds(limitMs)}.`
    return judged({
      name,
      title,
      measured: measuredMs,
      limit: limitMs,
      offenders:
        measuredMs <= limitMs
          ? []
          : judgedWays
              .filter(({ ms }) => ms > limitMs)
              .map(({ id, ms }) => ({
                id,
                expected: `its end within ${milliseconds(limitMs)}`,
                actual: `on its way for ${milliseconds(ms)}`,
              })),
      held: figures,
      violated: figures,
    })
  },
})

function hasRole(operations: OrderCase['operations'], role: string | undefined): boolean {
  return role !== undefined && operations.some(({ tags }) => tags.includes(role))
}

/** From its first status to the first that is an end; to the final reads if it has none. */
function wayMs(events: readonly OrderEventRow[], { truth }: Evidence): number | undefined {
  const [first] = events
  if (first === undefined) return undefined
  const end = events.find(({ status }) => finalStatuses.has(status))
  return Date.parse(end?.at ?? truth.takenAt) - Date.parse(first.at)
}

function p90(ways: readonly { readonly ms: number }[]): number {
  return percentile(
    ways.map(({ ms }) => ms),
    0.9,
  )
}
