import type { Breach } from '#chaos/contracts/probe-report.ts'
import type { ChargeRequest } from '#services/lib/payments-client.ts'
import type { ChargeOrder, ChargeOutcome } from '#services/worker/seams.ts'

import { endInWords } from '../../contract-probe.ts'
import type { CallEnd, ProbeTools } from '../../contract-probe.ts'
import { createFakePayments } from './fake-payments.ts'
import type { FakePayments, LookupFate, RequestFate } from './fake-payments.ts'
import { lookLikeWorker } from './look-like-worker.ts'

/** As the queue of the lab: twelve attempts, with a backoff. */
export const attemptsMax = 12
const attemptMaxMs = 60_000
const backoffMs = 400
const backoffMaxMs = 3_000

/**
 * Which process makes an attempt: always the same one; two in turns; a new one each time, as after a
 * restart.
 */
export type Workers = 'one' | 'two' | 'restarted'

export interface ChargeCase {
  /** What happens to the charge requests of the order, in sequence. Later ones are executed and get their response. */
  readonly fates: readonly RequestFate[]
  /** What happens to the look-ups. Later ones get their response. */
  readonly lookups?: readonly LookupFate[]
  readonly declined?: boolean
  readonly workers?: Workers
  /** In all attempts but the last one. */
  readonly outage?: FakePayments['outage']
  /** Before the second attempt. */
  readonly pauseMs?: number
}

export interface ChargeRun {
  readonly breach: Breach | undefined
  readonly payments: FakePayments
}

/** Processes that serve one order after the other. Each has an instance of the module. */
export interface Crew {
  /** The function of the process with this number. From now on this process looks like that one. */
  worker(number: number): Promise<ChargeOrder>
  /** The process has ended. Another one takes its place. */
  died(number: number): void
  /** The charge request of another order. */
  nextOrder(): ChargeRequest
}

export function createCrew({ load }: ProbeTools<ChargeOrder>): Crew {
  const known = new Map<number, ChargeOrder>()
  let orders = 0
  return {
    async worker(number) {
      lookLikeWorker(number)
      const worker = known.get(number) ?? (await load())
      known.set(number, worker)
      return worker
    },
    died: (number) => void known.delete(number),
    nextOrder() {
      const orderId = `o-${(orders += 1)}.aaaaaa`
      return {
        orderId,
        customer: 'ann',
        amountCents: 1_999,
        idempotencyKey: `charge:${orderId}`,
      }
    },
  }
}

/**
 * The queue: attempts until one returns a result. Then one more, as if the worker had died before it recorded the result.
 */
export async function runChargeCase(
  tools: ProbeTools<ChargeOrder>,
  one: ChargeCase,
  crew: Crew = createCrew(tools),
): Promise<ChargeRun> {
  const { fates, lookups = [], declined = false } = one
  const payments = createFakePayments(tools, { fates, lookups, declined })
  try {
    return { breach: await work(tools, one, { payments, crew }), payments }
  } finally {
    lookLikeWorker(undefined)
  }
}

async function work(
  tools: ProbeTools<ChargeOrder>,
  { workers = 'two', outage, pauseMs }: ChargeCase,
  { payments, crew }: { readonly payments: FakePayments; readonly crew: Crew },
): Promise<Breach | undefined> {
  const order = crew.nextOrder()
  const attempt = async (i: number): Promise<Attempt> => {
    const number = workers === 'one' ? 0 : workers === 'two' ? i % 2 : i
    const worker = await crew.worker(number)
    const { deaths } = payments
    const end = await tools.call(async () => await worker(order, payments), attemptMaxMs)
    const died = payments.deaths > deaths
    if (died) crew.died(number)
    return { end, died }
  }
  let outcome: ChargeOutcome | undefined
  // After an outage, code may need a few more to find out that payments works again.
  const limit = outage === undefined ? attemptsMax : 2 * attemptsMax
  for (let i = 0; i < limit && outcome === undefined; i++) {
    payments.outage = i < attemptsMax - 1 ? outage : undefined
    const { end, died } = await attempt(i)
    if (end.how === 'never' && !died)
      return { expected: 'an error: the queue retries the job', actual: endInWords(end) }
    if (end.how === 'returned') {
      outcome = end.value
      const breach = judge(outcome, payments)
      if (breach !== undefined) return breach
    }
    const nextMs = Math.min(backoffMaxMs, backoffMs * 2 ** i)
    await tools.pass(i === 0 ? (pauseMs ?? nextMs) : nextMs)
  }
  // Requests that are still in flight arrive.
  await tools.pass(60_000)
  if (outcome === undefined)
    return {
      expected: `a result within ${limit} attempts: payments responds again`,
      actual: `no result; payments' books have ${payments.books.length} charges`,
    }
  const breach = judge(outcome, payments)
  if (breach !== undefined) return breach
  payments.heal()
  const again = await attempt(limit + 1)
  return again.end.how === 'returned' ? judge(again.end.value, payments) : undefined
}

interface Attempt {
  readonly end: CallEnd<ChargeOutcome>
  readonly died: boolean
}

function judge(outcome: ChargeOutcome, { books }: FakePayments): Breach | undefined {
  const captured = books.filter(({ status }) => status === 'captured')
  const [charge] = captured
  const said = books.length === 0 ? 'no charge' : books.map(({ status }) => status).join(' and ')
  if (captured.length > 1)
    return { expected: 'one charge', actual: `payments' books have ${captured.length} charges` }
  if (outcome.status === 'captured' && charge?.id !== outcome.chargeId)
    return {
      expected: "the result of payments' books",
      actual: `captured, charge ${outcome.chargeId}; the books: ${charge?.id ?? said}`,
    }
  if (outcome.status === 'declined' && (charge !== undefined || books.length === 0))
    return { expected: "the result of payments' books", actual: `declined; the books: ${said}` }
  return undefined
}
