import type { ChargeRequest } from '#services/lib/payments-client.ts'
import type { ChargeOrder, ChargeOutcome } from '#services/worker/seams.ts'

import type { Breach, ProbeTools, SeamContract } from '../contract-probe.ts'
import { createFakePayments } from '../fakes/fake-payments.ts'
import type { FakePayments, RequestFate } from '../fakes/fake-payments.ts'

const goal =
  "Every order ends the way payments' books say it ended, whatever happened to the response."
const bothDirections =
  'In both directions: no customer pays for a rejected order, and no customer pays twice.'
/** As the queue of the lab: twelve attempts, with a backoff. */
const attemptsMax = 12
const attemptMaxMs = 60_000
const backoffMs = 400
const backoffMaxMs = 3_000

interface Case {
  readonly name: string
  readonly promise: string
  /** What happens to the charge requests of the order, in sequence. Later ones are executed and get their response. */
  readonly fates: readonly RequestFate[]
  /** What happens to the look-ups. Later ones get their response. */
  readonly lookups?: readonly ('lost' | 'overloaded')[]
  readonly declined?: boolean
}

const cases: readonly Case[] = [
  { name: 'a captured charge', promise: goal, fates: [] },
  { name: 'a declined charge', promise: goal, fates: [], declined: true },
  { name: 'the response of a captured charge is lost', promise: goal, fates: ['reply-lost'] },
  {
    name: 'the response of a declined charge is lost',
    promise: goal,
    fates: ['reply-lost'],
    declined: true,
  },
  {
    name: 'the responses of two requests are lost',
    promise: bothDirections,
    fates: ['reply-lost', 'reply-lost'],
  },
  {
    name: 'the response is lost, and so are those of two look-ups',
    promise: bothDirections,
    fates: ['reply-lost', 'reply-lost'],
    lookups: ['lost', 'lost'],
  },
  { name: 'the request arrives 3 s late', promise: bothDirections, fates: [3_000] },
  {
    name: 'the request arrives 20 s late, and the next two are lost',
    promise: bothDirections,
    fates: [20_000, 'never', 'never'],
  },
  { name: 'the request never arrives', promise: goal, fates: ['never'] },
  {
    name: 'the request of a card that is declined never arrives',
    promise: goal,
    fates: ['never'],
    declined: true,
  },
  {
    name: 'payments is overloaded three times',
    promise: bothDirections,
    fates: ['overloaded', 'overloaded', 'overloaded'],
  },
  {
    name: 'the response is lost, and then payments is overloaded',
    promise: bothDirections,
    fates: ['reply-lost', 'overloaded', 'overloaded'],
    lookups: ['overloaded', 'overloaded'],
  },
]

export const chargeOrderContract: SeamContract<ChargeOrder> = {
  lab: 'reply-lost',
  time: 'jumping',
  probes: cases.map((one) => ({
    name: one.name,
    promise: one.promise,
    run: async (tools: ProbeTools<ChargeOrder>) => await chargeOne(tools, one),
  })),
}

/** Two workers take turns, as after a restart: each attempt is in another process than the one before. */
async function chargeOne(
  tools: ProbeTools<ChargeOrder>,
  { fates, lookups = [], declined = false }: Case,
): Promise<Breach | undefined> {
  const payments = createFakePayments(tools, { fates, lookups, declined })
  const workers = [await tools.load(), await tools.load()]
  const request: ChargeRequest = {
    orderId: 'o-1.aaaaaa',
    customer: 'ann',
    amountCents: 1_999,
    idempotencyKey: 'charge:o-1.aaaaaa',
  }
  let outcome: ChargeOutcome | undefined
  for (let attempt = 1; attempt <= attemptsMax && outcome === undefined; attempt++) {
    const worker = workers[attempt % 2] as ChargeOrder
    const end = await tools.call(async () => await worker(request, payments), attemptMaxMs)
    if (end.how === 'returned') outcome = end.value
    await tools.pass(Math.min(backoffMaxMs, backoffMs * 2 ** (attempt - 1)))
  }
  // Requests that are still in flight arrive.
  await tools.pass(60_000)
  return judge(outcome, payments.books)
}

function judge(
  outcome: ChargeOutcome | undefined,
  books: FakePayments['books'],
): Breach | undefined {
  const captured = books.filter(({ status }) => status === 'captured')
  const [charge] = captured
  const said = books.length === 0 ? 'no charge' : books.map(({ status }) => status).join(' and ')
  if (captured.length > 1)
    return { expected: 'one charge', actual: `payments' books have ${captured.length} charges` }
  if (outcome === undefined)
    return {
      expected: 'a result within 12 attempts: payments responds again',
      actual: `no result after 12 attempts; payments' books: ${said}`,
    }
  if (outcome.status === 'captured' && charge === undefined)
    return { expected: "the result of payments' books", actual: `captured; the books: ${said}` }
  if (outcome.status === 'declined' && (charge !== undefined || books.length === 0))
    return { expected: "the result of payments' books", actual: `declined; the books: ${said}` }
  return undefined
}
