import type { Breach } from '#chaos/contracts/probe-report.ts'
import type { ChargeRequest } from '#services/lib/payments-client.ts'
import type { ChargeOrder } from '#services/worker/seams.ts'

import { endInWords, inWords } from '../contract-probe.ts'
import type { ContractProbe, ProbeTools, SeamContract } from '../contract-probe.ts'
import { attemptsMax, createCrew, runChargeCase } from '../fakes/payments/charge-workers.ts'
import type { ChargeCase, Workers } from '../fakes/payments/charge-workers.ts'
import { createFakePayments } from '../fakes/payments/fake-payments.ts'
import type { LookupFate, RequestFate } from '../fakes/payments/fake-payments.ts'
import { lookLikeWorker } from '../fakes/payments/look-like-worker.ts'

type Tools = ProbeTools<ChargeOrder>

const goal =
  "Every order ends the way payments' books say it ended, whatever happened to the response."
const bothDirections =
  'In both directions: no customer pays for a rejected order, and no customer pays twice.'
const unknown = 'While the result is unknown, it throws. The queue then retries the job.'
const sameKey = 'The key is the same for every attempt of one order, on every worker.'

const cases: readonly (ChargeCase & { readonly name: string; readonly promise: string })[] = [
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

/** Each way in which a request can fail. */
const failures: readonly RequestFate[] = [
  'reply-lost',
  'never',
  'overloaded',
  'refused',
  'dies',
  3_000,
]
const lookupFailures: readonly LookupFate[] = ['lost', 'overloaded', 'refused']
/** One or two failures in sequence. */
const sequences = failures.flatMap((first): readonly (readonly RequestFate[])[] => [
  [first],
  ...failures.map((second) => [first, second]),
])

/** Payments fails in the same way for as long as the queue has attempts. */
const outages: readonly NonNullable<ChargeCase['outage']>[] = [
  { charge: 'never' },
  { charge: 'never', lookup: 'lost' },
  { charge: 'reply-lost', lookup: 'lost' },
  { charge: 'overloaded', lookup: 'overloaded' },
  { charge: 'refused', lookup: 'refused' },
  { charge: 60_000 },
]

export const chargeOrderContract: SeamContract<ChargeOrder> = {
  lab: 'reply-lost',
  time: 'jumping',
  probes: [
    ...cases.map(({ name, promise, ...one }): ContractProbe<ChargeOrder> => ({
      name,
      promise,
      run: async (tools) => (await runChargeCase(tools, one)).breach,
    })),
    {
      name: 'one or two requests fail, in every way',
      promise: bothDirections,
      run: async (tools) => await firstBreach(tools, everyFailure()),
    },
    ...(['one', 'two', 'restarted'] as const).map((workers) => ({
      name: `payments fails in ${attemptsMax - 1} attempts, ${inPlain(workers)}`,
      promise: unknown,
      run: async (tools: Tools) =>
        await firstBreach(
          tools,
          outages.map((outage) => ({ fates: [], outage, workers })),
        ),
    })),
    {
      name: 'one or two requests fail, in every way: one key for all',
      promise: sameKey,
      run: oneKey,
    },
    {
      name: 'two workers have the order at the same time',
      promise: bothDirections,
      run: twoAtOnce,
    },
    {
      name: 'orders of one customer, and of one amount, each with its own charge',
      promise: goal,
      run: ownCharges,
    },
  ],
}

function inPlain(workers: Workers): string {
  if (workers === 'restarted') return 'each in another process'
  return workers === 'one' ? 'all on one worker' : 'on two workers in turns'
}

/** With look-ups that succeed, and with look-ups that fail in one of three ways. */
function everyFailure(): readonly ChargeCase[] {
  return sequences.flatMap((fates, i) =>
    [undefined, lookupFailures[i % lookupFailures.length]].flatMap((lookup) =>
      [false, true].map((declined) => ({
        fates,
        lookups: lookup === undefined ? [] : [lookup, lookup],
        declined,
        workers: i % 2 === 0 ? ('two' as const) : ('one' as const),
      })),
    ),
  )
}

async function firstBreach(tools: Tools, all: readonly ChargeCase[]): Promise<Breach | undefined> {
  const crew = createCrew(tools)
  for (const one of all) {
    const { breach } = await runChargeCase(tools, one, crew)
    if (breach !== undefined) return { ...breach, expected: `${breach.expected}; ${inShort(one)}` }
  }
  return undefined
}

/** What happens in a case, in a few words. */
function inShort({ fates, lookups = [], declined = false, outage }: ChargeCase): string {
  const { charge, lookup } = outage ?? { charge: fates, lookup: lookups.join(', ') }
  const said = `requests: ${String(charge)}`
  const looked = lookup ? `, look-ups: ${lookup}` : ''
  return `${said}${looked}${declined ? ', the card is declined' : ''}`
}

const dayMs = 26 * 60 * 60 * 1_000

async function oneKey(tools: Tools): Promise<Breach | undefined> {
  const crew = createCrew(tools)
  for (const fates of sequences) {
    const pause = fates.length === 1 ? { pauseMs: dayMs } : {}
    const { payments } = await runChargeCase(tools, { fates, workers: 'restarted', ...pause }, crew)
    const keys = [...new Set(payments.requests.map(({ idempotencyKey }) => idempotencyKey))]
    if (keys.length > 1)
      return {
        expected: `one key for all attempts; ${inShort({ fates })}`,
        actual: `${keys.length} keys: ${keys.join(', ')}`,
      }
  }
  return undefined
}

/** The first worker is slow, so the queue gives the job to another one too. */
async function twoAtOnce(tools: Tools): Promise<Breach | undefined> {
  const crew = createCrew(tools)
  const workers = [await crew.worker(0), await crew.worker(1)]
  lookLikeWorker(undefined)
  for (const fates of sequences.filter((one) => !one.includes('dies'))) {
    const payments = createFakePayments(tools, { fates, lookups: [], declined: false })
    const order = crew.nextOrder()
    for (let round = 1; round <= 2; round++)
      await tools.call(
        async () =>
          await Promise.allSettled(workers.map(async (charge) => await charge(order, payments))),
        60_000,
      )
    const captured = payments.books.length
    if (captured > 1)
      return {
        expected: `one charge; ${inShort({ fates })}`,
        actual: `payments' books have ${captured} charges`,
      }
  }
  return undefined
}

async function ownCharges(tools: Tools): Promise<Breach | undefined> {
  const payments = createFakePayments(tools, { fates: [], lookups: [], declined: false })
  const charge = await tools.load()
  const amounts = [1_999, 1_999, 1, 5_000_000_000]
  for (const [i, amountCents] of amounts.entries()) {
    const orderId = `o-${i}.bbbbbb`
    const idempotencyKey = `charge:${orderId}`
    const request: ChargeRequest = { orderId, customer: 'ann', amountCents, idempotencyKey }
    const end = await tools.call(async () => await charge(request, payments), 60_000)
    const [line, ...more] = payments.books.filter((one) => one.orderId === orderId)
    const expected = `one charge of ${amountCents} cents for ${orderId}, and its id`
    if (line === undefined || more.length > 0 || line.amountCents !== amountCents)
      return { expected, actual: inWords(payments.books) }
    const isRight =
      end.how === 'returned' && end.value.status === 'captured' && end.value.chargeId === line.id
    if (!isRight) return { expected: `${expected}: ${line.id}`, actual: endInWords(end) }
  }
  return undefined
}
