import { inconclusiveResult, checkResult } from '#chaos/checks/lib/check-result.ts'
import { formatCount } from '#chaos/checks/lib/format.ts'
import { noParams } from '#chaos/checks/lib/params.ts'
import type { Offender } from '#chaos/contracts/check.ts'

import type { PriceEventRow } from '../truth/truth.ts'
import { formatCents } from './lib/cents.ts'
import { defineCheck } from './lib/define-check.ts'
import { pricesBySku } from './lib/prices-by-sku.ts'

const name = 'prices-never-go-back'
const title = 'no older price overwrites a newer one'

/** Judges the log of every price write, not only the final price. */
export const pricesNeverGoBack = defineCheck({
  name,
  safety: true,
  description:
    'Every price write is from the same or a later edition of the price list than the write before it.',
  params: noParams,
  judge({ truth }) {
    const trails = pricesBySku(truth.priceEvents).filter(({ events }) => events.length > 1)
    if (trails.length === 0)
      return inconclusiveResult(
        name,
        title,
        'No price was published twice, so none could go back. Set PRICES_INTERVAL_MS for the workers.',
      )
    const offenders = trails.flatMap(({ id, events }) => firstStepBack(id, events))
    return checkResult({
      name,
      title,
      offenders,
      measured: offenders.length,
      limit: 0,
      held: `The price of ${trails.length} of ${formatCount(trails.length, 'product')} never went back to an earlier edition (${formatCount(truth.priceEvents.length, 'write')}).`,
      violated: `The price of ${offenders.length} of ${formatCount(trails.length, 'product')} went back to an earlier edition.`,
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
      expected: `the same or a later edition after ${describeWrite(before)}`,
      actual: `${describeWrite(after)} overwrote ${describeWrite(before)}: ${formatCount(before.edition - after.edition, 'edition')} back`,
    },
  ]
}

function describeWrite({ edition, priceCents, instance }: PriceEventRow): string {
  return `edition ${edition} (${formatCents(priceCents)}, ${instance})`
}
