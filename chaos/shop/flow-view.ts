import { clockOf } from '#chaos/checks/lib/clock-of.ts'
import type { FlowHolding } from '#chaos/contracts/flow-record.ts'
import { duplicateTag } from '#chaos/contracts/history.ts'
import type { RunClock } from '#chaos/contracts/run-clock.ts'
import type {
  ExecutedExchange,
  FlowFacts,
  SystemFlowView,
} from '#chaos/contracts/system/flow-view.ts'

import { formatCents, receivableCents } from './checks/lib/cents.ts'
import { orderCases, type OrderCase } from './checks/lib/order-cases.ts'
import type { ShopEvidence } from './evidence.ts'
import { finalStatuses, type Truth } from './truth/truth.ts'

type MsOf = RunClock['msOfWall']
type JobStates = readonly (readonly [command: string, text: string])[]

/** What the shop's sources of truth hold about each order. */
export const shopFlowView: SystemFlowView<Truth> = {
  facts: (evidence) => factsOfOrders(evidence as ShopEvidence),
  holdingOf: jobHolding,
}

function factsOfOrders(evidence: ShopEvidence): readonly FlowFacts[] {
  const clock = clockOf(evidence)
  const msOf: MsOf = (iso) => clock.msOfWall(iso)
  return orderCases(evidence)
    .filter(({ operations }) => operations.length > 0)
    .map((order) => factsOf(order, msOf, msOf(evidence.truth.takenAt)))
}

function factsOf(order: OrderCase, msOf: MsOf, endMs: number): FlowFacts {
  const { key, operations, rows, acknowledgedIds } = order
  const names = new Set([...acknowledgedIds, ...rows.map(({ id }) => id)])
  const [first] = operations
  const holdings = [
    ...inPostgres(order, msOf, endMs),
    ...inLedger(order, msOf),
    ...inQueue(order, endMs),
    ...atPayments(order, msOf, endMs),
  ]
  return {
    id: key,
    title: `order ${key}`,
    names: [...names],
    likeness: ['order', first?.sku ?? '', ...(first?.tags ?? [])].join(' '),
    result: resultOf(order),
    isRegular: isRegular(order),
    holdings: holdings.toSorted((a, b) => a.atMs - b.atMs),
  }
}

/** One order, one attempt, one charge, paid. */
function isRegular({ operations, rows, charges, acknowledged }: OrderCase): boolean {
  const [operation] = operations
  return (
    acknowledged &&
    operations.length === 1 &&
    operation?.attempts.length === 1 &&
    !operation.tags.includes(duplicateTag) &&
    rows.length === 1 &&
    rows[0]?.status === 'paid' &&
    charges.length === 1
  )
}

function resultOf(order: OrderCase): string {
  const { rows, acknowledged, refused, charges } = order
  if (rows.length === 0) {
    if (acknowledged) return 'acknowledged, not in Postgres'
    return refused ? 'refused' : 'not in Postgres; the client does not know'
  }
  const statuses = rows.map(({ status }) => status).join(' and ')
  const captured = charges.filter(({ status }) => status === 'captured').length
  return captured > 1 ? `${statuses}, charged ${captured} times` : statuses
}

function inPostgres(order: OrderCase, msOf: MsOf, endMs: number): readonly FlowHolding[] {
  const { events, rows, acknowledged, paymentStates } = order
  const several = new Set(events.map(({ orderId }) => orderId)).size > 1
  const source = 'postgres'
  const written = events.map(({ orderId, status, committedAt }) => ({
    source,
    atMs: msOf(committedAt),
    text: several ? `${orderId}: ${status}` : status,
  }))
  const payments = paymentStates.map(({ state, at }) => ({
    source,
    atMs: msOf(at),
    text: `payment state ${state ?? 'none'}`,
  }))
  if (rows.length === 0) {
    const end = { source, atMs: endMs, text: 'at the end: no order' }
    return [...written, ...payments, acknowledged ? { ...end, isWrong: true } : end]
  }
  const isWrong = rows.length > 1 || rows.some(({ status }) => !finalStatuses.has(status))
  if (!isWrong) return [...written, ...payments]
  const states = rows.map(({ id, status }) => (rows.length > 1 ? `${id} ${status}` : status))
  return [
    ...written,
    ...payments,
    { source, atMs: endMs, text: `at the end: ${states.join(', ')}`, isWrong: true },
  ]
}

function inLedger({ ledger }: OrderCase, msOf: MsOf): readonly FlowHolding[] {
  return ledger.map((transaction) => ({
    source: 'ledger',
    atMs: msOf(transaction.at),
    text: `${transaction.kind} ${formatCents(Math.abs(receivableCents([transaction])))}`,
  }))
}

function inQueue(
  { rows, unfinishedJobs, outboxWaiting }: OrderCase,
  endMs: number,
): readonly FlowHolding[] {
  const source = 'queue'
  const unfinished = rows.some(({ status }) => !finalStatuses.has(status))
  if (unfinishedJobs.length > 0)
    return [{ source, atMs: endMs, text: `at the end: ${unfinishedJobs.length} open` }]
  if (outboxWaiting.length > 0)
    return [{ source, atMs: endMs, text: 'at the end: the message is still in the outbox' }]
  const none = { source, atMs: endMs, text: 'at the end: no open job' }
  return [unfinished ? { ...none, isWrong: true } : none]
}

function atPayments(order: OrderCase, msOf: MsOf, endMs: number): readonly FlowHolding[] {
  const { charges, chargeRequests, paymentEvents, rows } = order
  const source = 'payments'
  const held = charges.map(({ at, status, amountCents }) => ({
    source,
    atMs: msOf(at),
    text: `${status === 'captured' ? 'charged' : 'declined'} ${formatCents(amountCents)}`,
  }))
  const later = paymentEvents
    .filter(({ type }) => type !== 'charge.captured')
    .map(({ at, type }) => ({ source, atMs: msOf(at), text: type.replace('charge.', '') }))
  const captured = charges.filter(({ status }) => status === 'captured')
  if (captured.length > 1) {
    const amounts = captured.map(({ amountCents }) => formatCents(amountCents)).join(' and ')
    const text = `at the end: ${captured.length} charges, ${amounts}`
    return [...held, ...later, { source, atMs: endMs, text, isWrong: true }]
  }
  if (charges.length > 0) return [...held, ...later]
  const asked = chargeRequests.length > 0 ? ', but charge requests' : ''
  const none = { source, atMs: endMs, text: `at the end: no charge${asked}` }
  return [rows.some(({ status }) => status === 'paid') ? { ...none, isWrong: true } : none]
}

/** What BullMQ's scripts do with the order's job. */
const jobStates: JobStates = [
  ['addJob', 'the job waits'],
  ['addDelayedJob', 'the job is delayed'],
  ['moveToActive', 'the job is active'],
  ['moveToFinished', 'the job is finished'],
  ['moveToDelayed', 'the job is delayed'],
  ['retryJob', 'the job waits'],
  ['moveStalledJobsToWait', 'the job waits again'],
]

/** No source of truth records the states of a job, so the messages show them. */
function jobHolding({
  flow,
  request,
  reply,
}: ExecutedExchange): Pick<FlowHolding, 'source' | 'text'> | undefined {
  if (reply.status?.startsWith('ERR') === true) return undefined
  const command = /^bullmq (\w+)/i.exec(request.signature)?.[1]?.toLowerCase()
  if (command === undefined) return undefined
  // The worker receives the next job with the reply about the last one.
  if (command.startsWith('moveto') && request.transaction !== flow)
    return { source: 'queue', text: 'the job is active' }
  const found = jobStates.find(([name]) => command.startsWith(name.toLowerCase()))
  return found === undefined ? undefined : { source: 'queue', text: found[1] }
}
