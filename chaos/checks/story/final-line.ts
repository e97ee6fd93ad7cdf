import type { Evidence, StoryLine } from '#chaos/contracts/check.ts'

import { formatCents, receivableCents } from '../lib/cents.ts'
import { formatCount } from '../lib/format.ts'
import type { OrderCase } from '../lib/order-cases.ts'
import { unsettledWork } from '../lib/unsettled-work.ts'
import type { StoryTime } from './story-time.ts'

/** What every source of truth says about the order when everything has come to rest. */
export function finalLine(order: OrderCase, evidence: Evidence, timeline: StoryTime): StoryLine {
  const text = [inPostgres(order), inQueue(order), atPayments(order), inLedger(order)].join('; ')
  return { ms: timeline.msOf(evidence.truth.takenAt), who: 'final', text }
}

/** What still moved or waited when the run stopped waiting. */
export function settledLine(evidence: Evidence, timeline: StoryTime): StoryLine {
  const left = unsettledWork(evidence.truth)
  const text = left.length === 0 ? 'everything is at rest' : `still there: ${left.join(', ')}`
  return { ms: timeline.msOf(evidence.truth.takenAt), who: 'final', text }
}

function inPostgres({ rows }: OrderCase): string {
  if (rows.length === 0) return 'Postgres knows no such order'
  const [row] = rows
  if (row !== undefined && rows.length === 1) return `the order is \`${row.status}\` in Postgres`
  return `Postgres has ${rows.length} orders: ${rows.map(({ id, status }) => `${id} \`${status}\``).join(', ')}`
}

function inQueue({ unfinishedJobs, outboxWaiting }: OrderCase): string {
  if (unfinishedJobs.length > 0) return `${formatCount(unfinishedJobs.length, 'job')} in the queue`
  return outboxWaiting.length > 0 ? 'its outbox row was never published' : 'no job in the queue'
}

function atPayments({ charges, chargeRequests }: OrderCase): string {
  const standing = charges.filter(
    ({ status, amountCents, refundedCents }) =>
      status === 'captured' && amountCents > refundedCents,
  )
  if (standing.length > 0)
    return `payments charged ${standing.map(({ amountCents }) => formatCents(amountCents)).join(' and ')}`
  if (charges.some(({ status }) => status === 'captured')) return 'payments gave the money back'
  if (charges.length > 0) return 'payments declined'
  return chargeRequests.length > 0 ? 'payments charged nothing' : 'payments never heard of it'
}

function inLedger({ ledger }: OrderCase): string {
  if (ledger.length === 0) return 'nothing in the ledger'
  return `${formatCents(receivableCents(ledger))} in the ledger`
}
