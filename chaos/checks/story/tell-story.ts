import type { CheckResult, Evidence, Offender, Story, StoryLine } from '#chaos/contracts/check.ts'
import { allOperations, keyOfOrder, orderCases } from '#chaos/shop/checks/lib/order-cases.ts'
import { findPriceTrail } from '#chaos/shop/checks/lib/prices-by-sku.ts'

import { operationName, operationNoun } from '../lib/describe-operation.ts'
import { clientLines } from './client-lines.ts'
import { inFlightLines, concurrentLine } from './concurrent-lines.ts'
import { faultLines, healLine } from './fault-lines.ts'
import { finalLine, settledLine } from './final-line.ts'
import { priceLines } from './price-lines.ts'
import { shopLines } from './shop-lines.ts'
import { stockLines } from './stock-lines.ts'
import type { StoryTime } from './story-time.ts'
import { createStoryTime } from './story-time.ts'

/** A longer story is shortened in its middle. */
const linesMax = 40

/**
 * The story of the first offender of the first violated check, in time order: what the client sends and receives, what the
 * services do, which faults are active, and the state at the end. Undefined if no check is violated.
 */
export function tellStory(evidence: Evidence, results: readonly CheckResult[]): Story | undefined {
  const result = results.find(
    ({ outcome, offenders }) => outcome === 'violated' && offenders.length > 0,
  )
  const [offender] = result?.offenders ?? []
  if (result === undefined || offender === undefined) return undefined
  const { about, lines } = linesAbout(evidence, offender)
  return {
    about,
    headline: offender.actual,
    lines: shorten(lines.toSorted((a, b) => a.ms - b.ms)),
    expected: offender.expected,
    actual: offender.actual,
  }
}

interface About {
  readonly about: string
  readonly lines: readonly StoryLine[]
}

function linesAbout(evidence: Evidence, { id }: Offender): About {
  const time = createStoryTime(evidence)
  return (
    orderAbout(evidence, time, id) ??
    operationAbout(evidence, time, id) ??
    productAbout(evidence, time, id) ??
    priceAbout(evidence, time, id) ?? {
      about: id,
      lines: [...faultLines(evidence, time), healLine(evidence), settledLine(evidence, time)],
    }
  )
}

function orderAbout(evidence: Evidence, time: StoryTime, id: string): About | undefined {
  const order = orderCases(evidence).find(({ key }) => key === id || key === keyOfOrder(id))
  if (order === undefined) return undefined
  const own = [
    ...order.operations.flatMap((operation) => clientLines(operation)),
    ...shopLines(order, time),
  ]
  const times = own.map(({ ms }) => ms)
  const window = { fromMs: Math.min(...times), toMs: Math.max(...times) }
  return {
    about: `order ${id}`,
    lines: [
      ...own,
      ...faultLines(evidence, time, window),
      healLine(evidence),
      finalLine(order, evidence, time),
    ],
  }
}

function operationAbout(evidence: Evidence, time: StoryTime, id: string): About | undefined {
  const operation = allOperations(evidence).find((candidate) => operationName(candidate) === id)
  if (operation === undefined) return undefined
  const window = { fromMs: operation.startMs, toMs: operation.endMs }
  return {
    about: `${operationNoun(operation.kind)} #${operation.id}`,
    lines: [
      ...clientLines(operation),
      ...inFlightLines(operation, evidence),
      ...faultLines(evidence, time, window),
      concurrentLine(operation, evidence),
    ],
  }
}

function productAbout(evidence: Evidence, time: StoryTime, id: string): About | undefined {
  const product = evidence.truth.products.find(({ sku }) => sku === id)
  if (product === undefined) return undefined
  const own = stockLines(product, evidence, time)
  return { about: `product ${id}`, lines: [...own, ...faultLines(evidence, time)] }
}

function priceAbout(evidence: Evidence, time: StoryTime, id: string): About | undefined {
  const trail = findPriceTrail(evidence.truth.priceEvents, id)
  if (trail === undefined) return undefined
  const own = priceLines(trail, evidence, time)
  return {
    about: id,
    lines: [...own, ...faultLines(evidence, time), healLine(evidence)],
  }
}

/** Keeps the first and the last lines, with the number of lines left out between them. */
function shorten(lines: readonly StoryLine[]): readonly StoryLine[] {
  if (lines.length <= linesMax) return lines
  const head = lines.slice(0, linesMax - 15)
  const tail = lines.slice(-14)
  const left = lines.length - head.length - tail.length
  const ms = tail[0]?.ms ?? 0
  return [...head, { ms, who: '...', text: `${left} more lines` }, ...tail]
}
