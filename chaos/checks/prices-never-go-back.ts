import type { Offender } from '../contracts/check.ts'
import type { PriceEventRow } from '../contracts/truth.ts'
import { defineCheck } from './define-check.ts'
import { formatCents } from './money.ts'
import { noParams } from './params.ts'
import { pricesBySku } from './prices-by-sku.ts'
import { inconclusive, judged } from './result.ts'
import { count } from './words.ts'

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
      return inconclusive(
        name,
        title,
        'No price was published twice, so none could go back: give the workers PRICES_INTERVAL_MS.',
      )
    const offenders = trails.flatMap(({ id, events }) => firstStepBack(id, events))
    return judged({
      name,
      title,
      offenders,
      measured: offenders.length,
      limit: 0,
      held: `The prices of ${count(trails.length, 'product')} only went to later editions, ${truth.priceEvents.length} times.`,
      violated: `The prices of ${offenders.length} of ${count(trails.length, 'product')} went back to an earlier edition.`,
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
      actual: `${words(before)} was overwritten by ${words(after)}: ${count(before.edition - after.edition, 'edition')} back`,
    },
  ]
}

function words({ edition, priceCents, instance }: PriceEventRow): string {
  return `edition ${edition} (${formatCents(priceCents)}, ${instance})`
}
