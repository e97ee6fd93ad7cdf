import { Type } from 'typebox'

import type { Offender } from '#chaos/contracts/check.ts'
import type { PriceEventRow } from '#chaos/contracts/truth.ts'

import { inconclusiveResult, checkResult } from './lib/check-result.ts'
import { defineCheck } from './lib/define-check.ts'
import { formatCount, formatMs } from './lib/format.ts'
import { checkParams } from './lib/params.ts'
import { pricesBySku } from './lib/prices-by-sku.ts'

const name = 'prices-stay-fresh'

/** The floor beside `prices-never-go-back`: who publishes nothing overwrites nothing. */
export const pricesStayFresh = defineCheck({
  name,
  description: 'A later edition of every price comes at most this long after the one before it.',
  example: { withinMs: 3_000 },
  params: checkParams({
    withinMs: Type.Number({
      exclusiveMinimum: 0,
      description: 'From one edition to the next that is later, and to the final reads.',
    }),
  }),
  judge({ truth, workloadStartedAt }, { withinMs }) {
    const title = `every price is renewed within ${formatMs(withinMs)}`
    const trails = pricesBySku(truth.priceEvents)
    if (trails.length === 0)
      return inconclusiveResult(
        name,
        title,
        'No price was ever published: give the workers PRICES_INTERVAL_MS.',
      )
    const gaps = trails.map(({ id, events }) => ({
      id,
      ...longestGap(events, Date.parse(workloadStartedAt), Date.parse(truth.takenAt)),
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
        actual: `none for ${formatMs(ms)}, from ${(fromMs / 1_000).toFixed(1)} s on`,
      })),
      held: `No price was the latest for longer than ${formatMs(worst)}.`,
      violated: `${late.length} of ${formatCount(trails.length, 'price')} had no successor for up to ${formatMs(worst)}.`,
    })
  },
})

/** The longest time without a later edition, and when it began: a write of an older one renews nothing. */
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
