import type { Offender } from '#chaos/contracts/check.ts'
import type { PriceEventRow } from '#chaos/contracts/truth.ts'

import { formatCents } from './lib/cents.ts'
import { inconclusiveResult, checkResult } from './lib/check-result.ts'
import { defineCheck } from './lib/define-check.ts'
import { formatCount } from './lib/format.ts'
import { noParams } from './lib/params.ts'
import { pricesBySku } from './lib/prices-by-sku.ts'

const name = 'prices-never-go-back'
const title = 'no price is overwritten by an older one'

/** Judged by the trail that every write of a price leaves, not by the price that happens to stand in the end. */
export const pricesNeverGoBack = defineCheck({
  name,
  safety: true,
  description: 'A price is only followed by one from the same or a later edition of the list.',
  params: noParams,
  judge({ truth }) {
    const trails = pricesBySku(truth.priceEvents).filter(({ events }) => events.length > 1)
    if (trails.length === 0)
      return inconclusiveResult(
        name,
        title,
        'No price was published twice, so none could go back: give the workers PRICES_INTERVAL_MS.',
      )
    const offenders = trails.flatMap(({ id, events }) => firstStepBack(id, events))
    return checkResult({
      name,
      title,
      offenders,
      measured: offenders.length,
      limit: 0,
      held: `The prices of ${formatCount(trails.length, 'product')} only went to later editions, ${truth.priceEvents.length} times.`,
      violated: `The prices of ${offenders.length} of ${formatCount(trails.length, 'product')} went back to an earlier edition.`,
    })
  },
})

function firstStepBack(id: string, events: readonly PriceEventRow[]): Offender[] {
  const at = events.findIndex((event, i) => event.edition < (events[i - 1]?.edition ?? 0))
  const [before, after] = [events[at - 1], events[at]]
  if (before === undefined || after === undefined) return []
  return [
    {
      id,
      expected: `after ${words(before)} only the same edition or a later one`,
      actual: `${words(before)} was overwritten by ${words(after)}: ${formatCount(before.edition - after.edition, 'edition')} back`,
    },
  ]
}

function words({ edition, priceCents, instance }: PriceEventRow): string {
  return `edition ${edition} (${formatCents(priceCents)}, ${instance})`
}
