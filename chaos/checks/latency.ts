import { Type } from 'typebox'

import { InputError } from '#chaos/lib/errors.ts'
import { percentile } from '#chaos/lib/percentile.ts'

import { defineCheck } from './lib/define-check.ts'
import { operationName, waitMs } from './lib/describe-operation.ts'
import { count, milliseconds } from './lib/format-figures.ts'
import { inconclusive, judged } from './lib/judged.ts'
import { checkParams } from './lib/params.ts'
import { duringParam, ofParam, operationsIn, steadyOperationsOf, windowName } from './lib/window.ts'

const name = 'latency'

/** Below this nobody notices, and a busy laptop alone gets there. */
const floorDefaultMs = 250
/** Fewer than this are no yardstick. */
const steadyOperationsMin = 5

/**
 * How long clients wait, as a ratio to the same run's steady state, so that a slow machine is not a bug. Every operation
 * counts with its retries, whatever came of it: who waited in vain has waited too.
 */
export const latency = defineCheck({
  name,
  description: "Clients wait at most this many times as long as in the run's own steady state.",
  example: { of: 'browse', p90AtMostTimesSteady: 10, floorMs: 200, during: 'faults' },
  params: checkParams({
    of: ofParam,
    p50AtMostTimesSteady: Type.Optional(
      Type.Number({
        minimum: 1,
        description:
          'What half of them waited at most, as a multiple of the same in the steady state.',
      }),
    ),
    p90AtMostTimesSteady: Type.Optional(
      Type.Number({
        minimum: 1,
        description:
          'What nine of ten waited at most, as a multiple of the same in the steady state.',
      }),
    ),
    p99AtMostTimesSteady: Type.Optional(
      Type.Number({
        minimum: 1,
        description:
          'What 99 of 100 waited at most, as a multiple of the same in the steady state.',
      }),
    ),
    floorMs: Type.Optional(
      Type.Number({
        minimum: 0,
        description: 'Milliseconds below which it is never too slow. 250 when absent.',
      }),
    ),
    during: duringParam,
  }),
  judge(evidence, params) {
    const { of, during } = params
    const { share, word, times } = chosen(params)
    const floorMs = params.floorMs ?? floorDefaultMs
    const title = `${word} of ${of}${windowName(during)} at most ${times} times the steady state`
    const operations = operationsIn(evidence, of, during)
    const steady = steadyOperationsOf(evidence, of)
    if (operations.length === 0)
      return inconclusive(
        name,
        title,
        `No ${of} was sent${windowName(during)}: give the workload a rate for it.`,
      )
    if (steady.length < steadyOperationsMin)
      return inconclusive(
        name,
        title,
        `Only ${count(steady.length, of, of)} in the steady state: too few for a yardstick.`,
      )
    const steadyMs = percentile(
      steady.map((operation) => waitMs(operation)),
      share,
    )
    const limitMs = Math.max(floorMs, times * steadyMs)
    const measuredMs = percentile(
      operations.map((operation) => waitMs(operation)),
      share,
    )
    const slow = operations.filter((operation) => waitMs(operation) > limitMs)
    const figures = `${word} ${milliseconds(measuredMs)} over ${count(operations.length, of, of)}; steady state ${milliseconds(steadyMs)}, limit ${milliseconds(limitMs)}.`
    return judged({
      name,
      title,
      measured: measuredMs,
      limit: limitMs,
      offenders:
        measuredMs <= limitMs
          ? []
          : slow.map((operation) => ({
              id: operationName(operation),
              expected: `an answer within ${milliseconds(limitMs)}`,
              actual: `${operation.outcome} after ${milliseconds(waitMs(operation))}`,
            })),
      held: figures,
      violated: figures,
    })
  },
})

function chosen(params: {
  readonly p50AtMostTimesSteady?: number
  readonly p90AtMostTimesSteady?: number
  readonly p99AtMostTimesSteady?: number
}): { share: number; word: string; times: number } {
  const given = [
    { share: 0.5, word: 'median', times: params.p50AtMostTimesSteady },
    { share: 0.9, word: 'p90', times: params.p90AtMostTimesSteady },
    { share: 0.99, word: 'p99', times: params.p99AtMostTimesSteady },
  ].flatMap(({ times, ...rest }) => (times === undefined ? [] : [{ ...rest, times }]))
  const [only] = given
  if (only === undefined || given.length > 1)
    throw new InputError(`latency: ${given.length} limits are given, and it judges by one.`, {
      remedy: 'Give one of p50AtMostTimesSteady, p90AtMostTimesSteady, p99AtMostTimesSteady.',
    })
  return only
}
