import { clockOf } from '#chaos/checks/lib/clock-of.ts'
import { clientLines } from '#chaos/checks/story/client-lines.ts'
import { faultLines, healLine } from '#chaos/checks/story/fault-lines.ts'
import type { RunClock } from '#chaos/contracts/run-clock.ts'
import type { AboutOffender } from '#chaos/contracts/system.ts'

import type { ShopEvidence } from '../../evidence.ts'
import { shopInChecks } from '../../operations.ts'
import { keyOfOrder, orderCases } from '../lib/order-cases.ts'
import { findPriceTrail } from '../lib/prices-by-sku.ts'
import { eventLines } from './event-lines.ts'
import { finalLine } from './final-line.ts'
import { priceLines } from './price-lines.ts'
import { shopLines } from './shop-lines.ts'
import { stockLines } from './stock-lines.ts'

/** The order, product or price with this id. */
export function tellAbout(evidence: ShopEvidence, id: string): AboutOffender | undefined {
  const clock = clockOf(evidence)
  return (
    orderAbout(evidence, clock, id) ??
    productAbout(evidence, clock, id) ??
    priceAbout(evidence, clock, id)
  )
}

function orderAbout(
  evidence: ShopEvidence,
  clock: RunClock,
  id: string,
): AboutOffender | undefined {
  const order = orderCases(evidence).find(({ key }) => key === id || key === keyOfOrder(id))
  if (order === undefined) return undefined
  const own = [
    ...order.operations.flatMap((operation) => clientLines(operation, shopInChecks)),
    ...shopLines(order, clock),
    ...eventLines(order, clock),
  ]
  const times = own.map(({ ms }) => ms)
  const window = { fromMs: Math.min(...times), toMs: Math.max(...times) }
  return {
    about: `order ${id}`,
    lines: [
      ...own,
      ...faultLines(evidence, clock, window),
      healLine(evidence, shopInChecks),
      finalLine(order, evidence, clock),
    ],
  }
}

function productAbout(
  evidence: ShopEvidence,
  clock: RunClock,
  id: string,
): AboutOffender | undefined {
  const product = evidence.truth.products.find(({ sku }) => sku === id)
  if (product === undefined) return undefined
  const own = stockLines(product, evidence, clock)
  return { about: `product ${id}`, lines: [...own, ...faultLines(evidence, clock)] }
}

function priceAbout(
  evidence: ShopEvidence,
  clock: RunClock,
  id: string,
): AboutOffender | undefined {
  const trail = findPriceTrail(evidence.truth.priceEvents, id)
  if (trail === undefined) return undefined
  const own = priceLines(trail, evidence, clock)
  return {
    about: id,
    lines: [...own, ...faultLines(evidence, clock), healLine(evidence, shopInChecks)],
  }
}
