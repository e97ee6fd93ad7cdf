import { formatCount } from '#chaos/checks/lib/format.ts'
import type { StoryLine } from '#chaos/contracts/check.ts'
import type { RunClock } from '#chaos/contracts/run-clock.ts'

import type { ShopEvidence } from '../../evidence.ts'
import { formatCents, receivableCents } from '../lib/cents.ts'
import type { OrderCase } from '../lib/order-cases.ts'

/** What every source of truth says about the order at the end of the run. */
export function finalLine(order: OrderCase, evidence: ShopEvidence, clock: RunClock): StoryLine {
  const text = [inPostgres(order), inQueue(order), atPayments(order), inLedger(order)].join('; ')
  return { ms: clock.msOfWall(evidence.truth.takenAt), who: 'final', text }
}

function inPostgres({ rows }: OrderCase): string {
  if (rows.length === 0) return 'Postgres has no such order'
  const [row] = rows
  if (row !== undefined && rows.length === 1) return `Postgres has the order as \`${row.status}\``
  return `Postgres has ${rows.length} orders: ${rows.map(({ id, status }) => `${id} \`${status}\``).join(', ')}`
}

function inQueue({ unfinishedJobs, outboxWaiting }: OrderCase): string {
  if (unfinishedJobs.length > 0) return `the queue has ${formatCount(unfinishedJobs.length, 'job')}`
  return outboxWaiting.length > 0
    ? 'the outbox has its message, unpublished'
    : 'the queue has no job'
}

function atPayments({ charges, chargeRequests }: OrderCase): string {
  const kept = charges.filter(
    ({ status, amountCents, refundedCents }) =>
      status === 'captured' && amountCents > refundedCents,
  )
  if (kept.length > 0)
    return `payments has ${formatCount(kept.length, 'charge')}: ${kept.map(({ amountCents }) => formatCents(amountCents)).join(' and ')}`
  if (charges.some(({ status }) => status === 'captured')) return 'payments has refunded the charge'
  if (charges.length > 0) return 'payments has declined the charge'
  return chargeRequests.length > 0
    ? 'payments has charge requests, but no charge'
    : 'payments has no charge request'
}

function inLedger({ ledger }: OrderCase): string {
  if (ledger.length === 0) return 'the ledger has no entry'
  return `the ledger has ${formatCents(receivableCents(ledger))}`
}
