import { formatCount } from '#chaos/checks/lib/format.ts'
import type { StoryLine } from '#chaos/contracts/check.ts'
import type { RunClock } from '#chaos/contracts/run-clock.ts'

import type { ShopEvidence } from '../../evidence.ts'
import type { PriceEventRow } from '../../truth/truth.ts'
import { formatCents } from '../lib/cents.ts'
import type { PriceTrail } from '../lib/prices-by-sku.ts'

/** How many writes the story shows before and after each step back. Without a step back: at both ends. */
const around = 4

/** The writes of a price, around each write of an older price over a newer one. */
export function priceLines(
  { events }: PriceTrail,
  { truth }: ShopEvidence,
  clock: RunClock,
): StoryLine[] {
  const steps = events.flatMap((event, i) => (isBack(event, events[i - 1]) ? [i] : []))
  const centers = steps.length > 0 ? steps : [0, events.length - 1]
  const shown = (i: number): boolean => centers.some((center) => Math.abs(center - i) <= around)
  const lines = events.flatMap((event, i): StoryLine[] => {
    const ms = clock.msOfWall(event.at)
    if (shown(i)) return [{ ms, who: event.instance, text: describeWrite(event, events[i - 1]) }]
    if (i > 0 && !shown(i - 1)) return []
    const next = events.findIndex((_, later) => later > i && shown(later))
    const left = (next === -1 ? events.length : next) - i
    // The first writes can come before the workload begins.
    return [{ ms: Math.max(0, ms), who: '...', text: formatCount(left, 'more write') }]
  })
  const last = events.at(-1)
  if (last === undefined) return lines
  const text = `the price is ${formatCents(last.priceCents)} (edition ${last.edition})`
  return [...lines, { ms: clock.msOfWall(truth.takenAt), who: 'final', text }]
}

function describeWrite(event: PriceEventRow, before: PriceEventRow | undefined): string {
  const text = `writes the price ${formatCents(event.priceCents)} (edition ${event.edition})`
  return isBack(event, before) && before !== undefined
    ? `${text}: ${formatCount(before.edition - event.edition, 'edition')} older than the price it overwrites`
    : text
}

function isBack(event: PriceEventRow, before: PriceEventRow | undefined): boolean {
  return before !== undefined && event.edition < before.edition
}
