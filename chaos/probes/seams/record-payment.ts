import type { Payment, RecordPayment } from '#services/worker/seams.ts'

import type { Breach, ProbeTools, SeamContract } from '../contract-probe.ts'
import { createPaymentStore } from '../fakes/payment-store.ts'
import type { PaymentStore } from '../fakes/payment-store.ts'

const onceOnly =
  'Every payment is in the ledger exactly once, whichever process dies and at whatever moment.'
const neitherMissing =
  'Exactly once: a payment that is *not* in the ledger is just as wrong, and so is an order that never ends because of it.'
const payment: Payment = {
  messageId: 'order-placed:o-1',
  orderId: 'o-1',
  chargeId: 'ch_1',
  amountCents: 1_200,
}
/** Longer than all attempts of a job together. */
const laterMs = 60_000
/** More statements than a payment needs. */
const statementsMax = 12
const limitMs = 30_000

export const recordPaymentContract: SeamContract<RecordPayment> = {
  lab: 'duplicate-delivery',
  time: 'jumping',
  probes: [
    {
      name: 'a second delivery of the message, to another worker, changes nothing',
      promise: onceOnly,
      run: async (tools) => await deliverTwice(tools, 1_000),
    },
    {
      name: 'a second delivery a minute later changes nothing',
      promise: onceOnly,
      run: async (tools) => await deliverTwice(tools, laterMs),
    },
    ...(['before', 'after'] as const).map((when) => ({
      name: `the worker dies ${when} any of its statements, and another one receives the message`,
      promise: neitherMissing,
      run: async (tools: ProbeTools<RecordPayment>) => await dieAtEach(tools, when),
    })),
  ],
}

async function deliverTwice(
  tools: ProbeTools<RecordPayment>,
  pauseMs: number,
): Promise<Breach | undefined> {
  const store = createPaymentStore(tools)
  await deliver(tools, store)
  await tools.pass(pauseMs)
  await deliver(tools, store)
  return judge(store, '')
}

async function dieAtEach(
  tools: ProbeTools<RecordPayment>,
  when: 'before' | 'after',
): Promise<Breach | undefined> {
  for (let at = 1; at <= statementsMax; at++) {
    const store = createPaymentStore(tools)
    await deliver(tools, store, { at, when })
    await tools.pass(2_000)
    // The queue delivers a job again until a worker has finished it.
    for (let attempt = 1; attempt <= 3; attempt++) if (await deliver(tools, store)) break
    const breach = judge(store, `, after a death ${when} statement ${at}`)
    if (breach !== undefined) return breach
  }
  return undefined
}

/** Delivers the message to a new process. Returns whether it finished the job. */
async function deliver(
  tools: ProbeTools<RecordPayment>,
  store: PaymentStore,
  death?: Parameters<PaymentStore['database']>[0],
): Promise<boolean> {
  const recordPayment = await tools.load()
  const database = store.database(death)
  const end = await tools.call(async () => await recordPayment(payment, database), limitMs)
  const unknown = store.undecided()
  if (unknown !== undefined) throw unknown
  return end.how === 'returned'
}

function judge({ rows }: PaymentStore, when: string): Breach | undefined {
  if (rows.ledger === 1 && rows.status === 'paid') return undefined
  return {
    expected: `the payment is in the ledger once, and the order is paid${when}`,
    actual: `${rows.ledger} times in the ledger, the order is ${rows.status}`,
  }
}
