import { Type } from 'typebox'

import type { Evidence } from '#chaos/contracts/check.ts'
import type { Operation } from '#chaos/contracts/history.ts'
import { millisecondsMax, ratePerSecondMax } from '#chaos/contracts/max.ts'
import { InputError } from '#chaos/lib/errors.ts'

import { inconclusiveResult, checkResult } from './lib/check-result.ts'
import type { CheckedSystem } from './lib/checked-system.ts'
import { clockOf } from './lib/clock-of.ts'
import { defineCheck } from './lib/define-check.ts'
import { describeFailure, operationName, operationNouns, waitMs } from './lib/describe-operation.ts'
import { formatMs } from './lib/format.ts'
import { checkParams } from './lib/params.ts'
import { duringParam, ofParam, operationsIn, windowName } from './lib/window.ts'

const name = 'goodput'

/** The rate of operations that succeed in time. An overloaded server can be busy and have no goodput. */
export const goodput = (checked: CheckedSystem) =>
  defineCheck({
    name,
    measures: 'rate',
    description:
      'At least this many operations per second, or this share of the capacity, succeed in time.',
    example: {
      of: checked.operations[0]?.kind ?? '',
      withinMs: 1000,
      capacityPerSecond: 13,
      atLeastShare: 0.55,
      during: 'faults',
    },
    params: paramsOf(checked),
    judge(evidence, params) {
      const { of, withinMs, during } = params
      const atLeast = floorPerSecond(params)
      const nouns = operationNouns(checked.operations, of)
      const title = `goodput of ${nouns}${windowName(during)} at least ${atLeast.toFixed(1)}/s within ${formatMs(withinMs)}`
      // Operations that begin just before the heal are served by a healed system: they do not count.
      const toMs = during === 'faults' ? healBeganMs(evidence) - withinMs : Number.POSITIVE_INFINITY
      const operations = operationsIn(evidence, of, during).filter(({ startMs }) => startMs <= toMs)
      const seconds = lengthSeconds(operations)
      if (operations.length < 2 || seconds <= 0)
        return inconclusiveResult(
          name,
          title,
          `The workload sent fewer than two ${nouns}${windowName(during)}. Give it a higher rate.`,
        )
      if (operations.length / seconds < atLeast)
        return inconclusiveResult(
          name,
          title,
          `The workload sent only ${(operations.length / seconds).toFixed(1)} ${nouns} per second, fewer than the required ${atLeast.toFixed(1)}. Give it a higher rate.`,
        )
      const late = operations.filter(
        (operation) => operation.outcome !== 'ok' || waitMs(operation) > withinMs,
      )
      const measured = (operations.length - late.length) / seconds
      const figures = `${measured.toFixed(1)} of ${(operations.length / seconds).toFixed(1)} ${nouns} per second succeeded within ${formatMs(withinMs)}; at least ${atLeast.toFixed(1)} required.`
      return checkResult({
        name,
        title,
        measured,
        limit: atLeast,
        offenders:
          measured >= atLeast
            ? []
            : late.map((operation) => ({
                id: operationName(operation),
                expected: `success within ${formatMs(withinMs)}`,
                actual:
                  operation.outcome === 'ok'
                    ? `success after ${formatMs(waitMs(operation))}`
                    : describeFailure(operation),
              })),
        held: figures,
        violated: figures,
      })
    },
  })

/** When the heal phase begins, in milliseconds since the workload began. `faultsToMs` is later: healing takes time. */
function healBeganMs(evidence: Evidence): number {
  const heal = evidence.journal.find(
    (event) => event.type === 'phase' && event.phase === 'heal' && event.what === 'began',
  )
  return heal === undefined ? evidence.faultsToMs : clockOf(evidence).msOf(heal.ms)
}

function floorPerSecond(params: {
  readonly atLeastPerSecond?: number
  readonly capacityPerSecond?: number
  readonly atLeastShare?: number
}): number {
  if (params.atLeastPerSecond !== undefined) return params.atLeastPerSecond
  if (params.capacityPerSecond !== undefined && params.atLeastShare !== undefined)
    return params.capacityPerSecond * params.atLeastShare
  throw new InputError('goodput has no floor.', {
    remedy: 'Give atLeastPerSecond, or capacityPerSecond and atLeastShare.',
  })
}

/** Time from the first arrival to the last, in seconds. */
function lengthSeconds(operations: readonly Operation[]): number {
  const starts = operations.map(({ startMs }) => startMs)
  return (Math.max(...starts) - Math.min(...starts)) / 1_000
}

function paramsOf({ name: system, operations }: CheckedSystem) {
  return checkParams({
    of: ofParam(operations),
    withinMs: Type.Number({
      exclusiveMinimum: 0,
      maximum: millisecondsMax,
      description: 'In time means: success within this many milliseconds.',
    }),
    atLeastPerSecond: Type.Optional(
      Type.Number({
        exclusiveMinimum: 0,
        maximum: ratePerSecondMax,
        description: 'Operations per second that succeed in time.',
      }),
    ),
    capacityPerSecond: Type.Optional(
      Type.Number({
        exclusiveMinimum: 0,
        maximum: ratePerSecondMax,
        description: `Capacity of the ${system} in operations per second, as the scenario sets it up.`,
      }),
    ),
    atLeastShare: Type.Optional(
      Type.Number({
        exclusiveMinimum: 0,
        maximum: 1,
        description: 'Share of the capacity, 0 to 1.',
      }),
    ),
    during: duringParam,
  })
}
