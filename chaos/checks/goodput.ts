import { Type } from 'typebox'

import type { Evidence } from '#chaos/contracts/check.ts'
import type { Operation } from '#chaos/contracts/history.ts'
import { InputError } from '#chaos/lib/errors.ts'

import { defineCheck } from './lib/define-check.ts'
import { describeFailure, operationName, waitMs } from './lib/describe-operation.ts'
import { milliseconds } from './lib/format-figures.ts'
import { inconclusive, judged } from './lib/judged.ts'
import { checkParams } from './lib/params.ts'
import { duringParam, ofParam, operationsIn, windowName } from './lib/window.ts'

const name = 'goodput'

/** What is of use to clients: answers with a yes, in time. A server can be busy all day and have none. */
export const goodput = defineCheck({
  name,
  description:
    'At least so many operations per second are answered with a yes in time, or that share of the capacity.',
  example: {
    of: 'place-order',
    withinMs: 1000,
    capacityPerSecond: 13,
    atLeastShare: 0.55,
    during: 'faults',
  },
  params: checkParams({
    of: ofParam,
    withinMs: Type.Number({
      exclusiveMinimum: 0,
      description: 'In time: answered within so many milliseconds.',
    }),
    atLeastPerSecond: Type.Optional(
      Type.Number({
        exclusiveMinimum: 0,
        description: 'Operations per second that got a yes in time.',
      }),
    ),
    capacityPerSecond: Type.Optional(
      Type.Number({
        exclusiveMinimum: 0,
        description: 'What the shop could do, by design of the scenario.',
      }),
    ),
    atLeastShare: Type.Optional(
      Type.Number({ exclusiveMinimum: 0, maximum: 1, description: 'Of the capacity.' }),
    ),
    during: duringParam,
  }),
  judge(evidence, params) {
    const { of, withinMs, during } = params
    const atLeast = floorPerSecond(params)
    const title = `goodput of ${of}${windowName(during)} at least ${atLeast.toFixed(1)}/s within ${milliseconds(withinMs)}`
    // What comes just before the heal is answered by a shop that is whole again.
    const toMs = during === 'faults' ? healBeganMs(evidence) - withinMs : Number.POSITIVE_INFINITY
    const operations = operationsIn(evidence, of, during).filter(({ startMs }) => startMs <= toMs)
    const seconds = lengthSeconds(operations)
    if (operations.length < 2 || seconds <= 0)
      return inconclusive(
        name,
        title,
        `Too few ${of} were sent${windowName(during)} to speak of a rate.`,
      )
    if (operations.length / seconds < atLeast)
      return inconclusive(
        name,
        title,
        `Only ${(operations.length / seconds).toFixed(1)} ${of} per second were asked for: fewer than the floor.`,
      )
    const late = operations.filter(
      (operation) => operation.outcome !== 'ok' || waitMs(operation) > withinMs,
    )
    const measured = (operations.length - late.length) / seconds
    const figures = `${measured.toFixed(1)} of ${(operations.length / seconds).toFixed(1)} ${of} per second were answered with a yes within ${milliseconds(withinMs)}.`
    return judged({
      name,
      title,
      measured,
      limit: atLeast,
      offenders:
        measured >= atLeast
          ? []
          : late.map((operation) => ({
              id: operationName(operation),
              expected: `a yes within ${milliseconds(withinMs)}`,
              actual:
                operation.outcome === 'ok'
                  ? `a yes after ${milliseconds(waitMs(operation))}`
                  : describeFailure(operation),
            })),
      held: figures,
      violated: figures,
    })
  },
})

/** Undoing the faults takes a moment, and answers may be awaited longer still: from its begin the shop is whole again. */
function healBeganMs({ journal, workloadStartedAt, faultsToMs }: Evidence): number {
  const heal = journal.find(
    (event) => event.type === 'phase' && event.phase === 'heal' && event.what === 'began',
  )
  return heal === undefined ? faultsToMs : Date.parse(heal.at) - Date.parse(workloadStartedAt)
}

function floorPerSecond(params: {
  readonly atLeastPerSecond?: number
  readonly capacityPerSecond?: number
  readonly atLeastShare?: number
}): number {
  if (params.atLeastPerSecond !== undefined) return params.atLeastPerSecond
  if (params.capacityPerSecond !== undefined && params.atLeastShare !== undefined)
    return params.capacityPerSecond * params.atLeastShare
  throw new InputError('goodput: no floor is given.', {
    remedy: 'Give atLeastPerSecond, or capacityPerSecond and atLeastShare.',
  })
}

/** From the first arrival to the last: the time over which the load was asked for. */
function lengthSeconds(operations: readonly Operation[]): number {
  const starts = operations.map(({ startMs }) => startMs)
  return (Math.max(...starts) - Math.min(...starts)) / 1_000
}
