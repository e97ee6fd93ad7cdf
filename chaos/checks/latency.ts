import { Type } from 'typebox'

import { millisecondsMax, timesMax } from '#chaos/contracts/max.ts'
import { InputError } from '#chaos/lib/errors.ts'
import { percentile } from '#chaos/lib/percentile.ts'

import { inconclusiveResult, checkResult } from './lib/check-result.ts'
import type { CheckedSystem } from './lib/checked-system.ts'
import { defineCheck } from './lib/define-check.ts'
import { definitionOf, operationName, operationNouns, waitMs } from './lib/describe-operation.ts'
import { formatMs } from './lib/format.ts'
import { checkParams } from './lib/params.ts'
import { duringParam, ofParam, operationsIn, steadyOperationsOf, windowName } from './lib/window.ts'

const name = 'latency'

/** A latency below this is never too high: a busy laptop alone can reach it. */
const floorDefaultMs = 250
/** Fewer operations than this are not a baseline. */
const steadyOperationsMin = 5

/**
 * Latency that the client sees, as a multiple of the steady state of the same run. So a slow machine is not a bug. Every
 * operation counts, with its retries, whether it succeeds or fails.
 */
export const latency = (checked: CheckedSystem) =>
  defineCheck({
    name,
    description:
      "The latency that clients see is at most this many times the latency in the run's own steady state.",
    example: {
      of: readKind(checked.operations),
      p90AtMostTimesSteady: 10,
      floorMs: 200,
      during: 'faults',
    },
    params: paramsOf(checked),
    judge(evidence, params) {
      const { of, during } = params
      const { share, word, times } = chosenLimit(params)
      const floorMs = params.floorMs ?? floorDefaultMs
      const { changes } = definitionOf(checked.operations, of)
      const nouns = operationNouns(checked.operations, of)
      const title = `${word} latency of ${nouns}${windowName(during)} at most ${times} times the steady state`
      const operations = operationsIn(evidence, of, during)
      const steady = steadyOperationsOf(evidence, of)
      if (operations.length === 0)
        return inconclusiveResult(
          name,
          title,
          `The workload sent no ${nouns}${windowName(during)}. Give it a rate for them.`,
        )
      if (steady.length < steadyOperationsMin)
        return inconclusiveResult(
          name,
          title,
          `The steady state has ${steady.length} ${nouns}; a baseline needs at least ${steadyOperationsMin}. Give the workload a higher rate or a longer steady state.`,
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
      const figures = `${word} of ${of} ${formatMs(measuredMs)} over ${operations.length} ${changes === true ? nouns : 'requests'}; steady state ${formatMs(steadyMs)}; limit ${formatMs(limitMs)}`
      return checkResult({
        name,
        title,
        measured: measuredMs,
        limit: limitMs,
        offenders:
          measuredMs <= limitMs
            ? []
            : slow.map((operation) => ({
                id: operationName(operation),
                expected: `a response within ${formatMs(limitMs)}`,
                actual: `${operation.outcome} after ${formatMs(waitMs(operation))}`,
              })),
        held: figures,
        violated: figures,
      })
    },
  })

/** A kind of operation that only reads, if there is one. */
function readKind(operations: CheckedSystem['operations']): string {
  return (operations.find((known) => known.changes !== true) ?? operations[0])?.kind ?? ''
}

function chosenLimit(params: {
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
    throw new InputError(`latency has ${given.length} limits; it needs exactly one.`, {
      remedy: 'Give one of p50AtMostTimesSteady, p90AtMostTimesSteady, p99AtMostTimesSteady.',
    })
  return only
}

function paramsOf({ operations }: CheckedSystem) {
  return checkParams({
    of: ofParam(operations),
    p50AtMostTimesSteady: Type.Optional(
      Type.Number({
        minimum: 1,
        maximum: timesMax,
        description:
          'Limit of the median latency, as a multiple of the median in the steady state.',
      }),
    ),
    p90AtMostTimesSteady: Type.Optional(
      Type.Number({
        minimum: 1,
        maximum: timesMax,
        description:
          'Limit of the p90 latency (90 of 100 operations), as a multiple of the p90 in the steady state.',
      }),
    ),
    p99AtMostTimesSteady: Type.Optional(
      Type.Number({
        minimum: 1,
        maximum: timesMax,
        description:
          'Limit of the p99 latency (99 of 100 operations), as a multiple of the p99 in the steady state.',
      }),
    ),
    floorMs: Type.Optional(
      Type.Number({
        minimum: 0,
        maximum: millisecondsMax,
        description: 'A latency below this many milliseconds is never too high. Default: 250.',
      }),
    ),
    during: duringParam,
  })
}
