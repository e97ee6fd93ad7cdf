import { Type } from 'typebox'

import { inconclusiveResult, checkResult } from '#chaos/checks/lib/check-result.ts'
import { formatCount, formatMs } from '#chaos/checks/lib/format.ts'
import { checkParams } from '#chaos/checks/lib/params.ts'
import type { Offender } from '#chaos/contracts/check.ts'
import { millisecondsMax } from '#chaos/contracts/max.ts'

import type { PriceEventRow } from '../truth/truth.ts'
import { defineCheck } from './lib/define-check.ts'
import { pricesBySku } from './lib/prices-by-sku.ts'

const name = 'prices-stay-fresh'

/** The floor for `prices-never-go-back`: a worker that publishes no price overwrites none. */
export const pricesStayFresh = defineCheck({
  name,
  description: 'Every price gets a later edition within this time after the edition before it.',
  example: { withinMs: 3_000 },
  params: checkParams({
    withinMs: Type.Number({
      exclusiveMinimum: 0,
      maximum: millisecondsMax,
      description:
        'Milliseconds from one edition to the next later one, and from the last one to the final reads.',
    }),
  }),
  judge({ truth, workloadStartedAt, loadFromMs }, { withinMs }) {
    const title = `every price gets a later edition within ${formatMs(withinMs)}`
    const trails = pricesBySku(truth.priceEvents)
    if (trails.length === 0)
      return inconclusiveResult(
        name,
        title,
        'No price was published. Set PRICES_INTERVAL_MS for the workers.',
      )
    const gaps = trails.map(({ id, events }) => ({
      id,
      ...longestGap(events, Date.parse(workloadStartedAt) + loadFromMs, Date.parse(truth.takenAt)),
    }))
    const worst = Math.max(...gaps.map(({ ms }) => ms))
    const late = gaps.filter(({ ms }) => ms > withinMs)
    return checkResult({
      name,
      title,
      measured: worst,
      limit: withinMs,
      offenders: late.map(({ id, ms, fromMs }): Offender => ({
        id,
        expected: `a later edition within ${formatMs(withinMs)}`,
        actual: `no later edition for ${formatMs(ms)}, starting at ${((loadFromMs + fromMs) / 1_000).toFixed(1)} s`,
      })),
      held: `The longest time without a later edition was ${formatMs(worst)}; ${formatMs(withinMs)} allowed.`,
      violated: `${late.length} of ${formatCount(trails.length, 'price')} got a later edition too late: the longest time without one was ${formatMs(worst)}; ${formatMs(withinMs)} allowed.`,
    })
  },
})

/** The longest time without a later edition, and when it began. A write of an older edition does not end it. */
function longestGap(
  events: readonly PriceEventRow[],
  startedAt: number,
  endedAt: number,
): { readonly ms: number; readonly fromMs: number } {
  let latest = 0
  let [sinceAt, ms, fromMs] = [startedAt, 0, 0]
  const note = (at: number): void => {
    if (at - sinceAt > ms) [ms, fromMs] = [at - sinceAt, sinceAt - startedAt]
  }
  for (const { edition, at } of events) {
    if (edition <= latest) continue
    latest = edition
    const writtenAt = Math.max(startedAt, Date.parse(at))
    note(writtenAt)
    sinceAt = writtenAt
  }
  note(endedAt)
  return { ms, fromMs }
}
