import type { CheckResult, Evidence, Offender, Story, StoryLine } from '#chaos/contracts/check.ts'

import { operationName } from '../lib/describe-operation.ts'
import { allOperations, keyOfOrder, orderCases } from '../lib/order-cases.ts'
import { findPriceTrail } from '../lib/prices-by-sku.ts'
import { clientLines } from './client-lines.ts'
import { inFlightLines, concurrentLine } from './concurrent-lines.ts'
import { faultLines, healLine } from './fault-lines.ts'
import { finalLine, settledLine } from './final-line.ts'
import { priceLines } from './price-lines.ts'
import { shopLines } from './shop-lines.ts'
import { stockLines } from './stock-lines.ts'
import type { StoryTime } from './story-time.ts'
import { createStoryTime } from './story-time.ts'

/** More lines than this nobody reads. */
const linesMax = 40

/**
 * The story of the first offender of the first violated check, in time order and in words: what the client saw, what the
 * servers did, which fault was on, and how it ended. Undefined when nothing was violated.
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
  const timeline = createStoryTime(evidence)
  return (
    orderAbout(evidence, timeline, id) ??
    operationAbout(evidence, timeline, id) ??
    productAbout(evidence, timeline, id) ??
    priceAbout(evidence, timeline, id) ?? {
      about: id.startsWith('the ') ? `T${id.slice(1)}` : id,
      lines: [
        ...faultLines(evidence, timeline),
        healLine(evidence),
        settledLine(evidence, timeline),
      ],
    }
  )
}

function orderAbout(evidence: Evidence, timeline: StoryTime, id: string): About | undefined {
  const order = orderCases(evidence).find(({ key }) => key === id || key === keyOfOrder(id))
  if (order === undefined) return undefined
  const own = [
    ...order.operations.flatMap((operation) => clientLines(operation)),
    ...shopLines(order, timeline),
  ]
  const times = own.map(({ ms }) => ms)
  const window = { fromMs: Math.min(...times), toMs: Math.max(...times) }
  return {
    about: `Order ${id}`,
    lines: [
      ...own,
      ...faultLines(evidence, timeline, window),
      healLine(evidence),
      finalLine(order, evidence, timeline),
    ],
  }
}

function operationAbout(evidence: Evidence, timeline: StoryTime, id: string): About | undefined {
  const operation = allOperations(evidence).find((candidate) => operationName(candidate) === id)
  if (operation === undefined) return undefined
  const window = { fromMs: operation.startMs, toMs: operation.endMs }
  return {
    about: `${id.charAt(0).toUpperCase()}${id.slice(1)}`,
    lines: [
      ...clientLines(operation),
      ...inFlightLines(operation, evidence),
      ...faultLines(evidence, timeline, window),
      concurrentLine(operation, evidence),
    ],
  }
}

function productAbout(evidence: Evidence, timeline: StoryTime, id: string): About | undefined {
  const product = evidence.truth.products.find(({ sku }) => sku === id)
  if (product === undefined) return undefined
  const own = stockLines(product, evidence, timeline)
  return { about: `Product ${id}`, lines: [...own, ...faultLines(evidence, timeline)] }
}

function priceAbout(evidence: Evidence, timeline: StoryTime, id: string): About | undefined {
  const trail = findPriceTrail(evidence.truth.priceEvents, id)
  if (trail === undefined) return undefined
  const own = priceLines(trail, evidence, timeline)
  return {
    about: `P${id.slice(1)}`,
    lines: [...own, ...faultLines(evidence, timeline), healLine(evidence)],
  }
}

/** Keeps the beginning and the end, and says how much is left out between. */
function shorten(lines: readonly StoryLine[]): readonly StoryLine[] {
  if (lines.length <= linesMax) return lines
  const head = lines.slice(0, linesMax - 15)
  const tail = lines.slice(-14)
  const left = lines.length - head.length - tail.length
  const ms = tail[0]?.ms ?? 0
  return [...head, { ms, who: '...', text: `${left} lines are left out here` }, ...tail]
}
