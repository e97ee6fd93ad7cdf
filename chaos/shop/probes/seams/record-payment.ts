import type { Breach } from '#chaos/contracts/probe-report.ts'
import type { Payment, RecordPayment } from '#services/worker/seams.ts'

import { endInWords } from '../contract-probe.ts'
import type { CallEnd, ProbeTools, SeamContract } from '../contract-probe.ts'
import { bookedIn, bookedOnce, createBooks } from '../fakes/books.ts'
import { createProcess, throwUnknown } from '../fakes/fake-process.ts'
import type { Intercept } from '../fakes/fake-process.ts'
import { errors, gateAt, mishapAt, statementsMax } from '../fakes/mishaps.ts'
import type { Mishap } from '../fakes/mishaps.ts'
import type { Store } from '../fakes/sql/store.ts'

const onceOnly =
  'Every payment is in the ledger exactly once, whichever process dies and at whatever moment.'
const neitherMissing =
  'Exactly once: a payment that is *not* in the ledger is just as wrong, and so is an order that never ends because of it.'
const everywhere =
  'It does not matter how often, when and at how many workers a message is delivered: at the same moment, after seconds, or after a day.'
const secondSucceeds = 'A second delivery of a recorded payment succeeds and changes nothing.'
const payment: Payment = {
  messageId: 'order-placed:o-1',
  orderId: 'o-1',
  chargeId: 'ch_1',
  amountCents: 1_200,
}
const limitMs = 30_000
/** The queue delivers a job again until a worker has finished it. */
const deliveriesMax = 4
const betweenMs = 2_000
const dayMs = 86_400_000

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
      run: async (tools) => await deliverTwice(tools, 60_000),
    },
    {
      name: 'a second delivery a day later changes nothing',
      promise: everywhere,
      run: async (tools) => await deliverTwice(tools, dayMs),
    },
    {
      name: 'a second delivery succeeds, to another worker and to the same one',
      promise: secondSucceeds,
      run: async (tools) => await secondSucceedsToo(tools),
    },
    ...(['before', 'after'] as const).map((when) => ({
      name: `the worker dies ${when} any of its statements, and another one receives the message`,
      promise: neitherMissing,
      run: async (tools: ProbeTools<RecordPayment>) => await mishapAtEach(tools, `dies ${when}`),
    })),
    ...errors.map((mishap) => ({
      name: `${inWordsOf(mishap)}: the payment is recorded once`,
      promise: neitherMissing,
      run: async (tools: ProbeTools<RecordPayment>) => await mishapAtEach(tools, mishap),
    })),
    {
      name: 'another worker receives the message between any two statements',
      promise: everywhere,
      run: async (tools) => await interleave(tools, 'continues'),
    },
    {
      name: 'the first worker dies while another one has the message',
      promise: neitherMissing,
      run: async (tools) => await interleave(tools, 'dies'),
    },
    {
      name: 'a payment of an order that is still `placed` is not forgotten',
      promise: neitherMissing,
      async run(tools) {
        const store = await createBooks(tools, 'placed')
        if (!(await deliver(tools, store)).isFinished) return undefined
        return judge(store, ', or the delivery fails')
      },
    },
  ],
}

function inWordsOf(mishap: Mishap): string {
  if (mishap === 'lost before') return 'the connection breaks before any of the statements arrives'
  if (mishap === 'lost after') return 'the connection breaks before any of the replies arrives'
  return `Postgres rejects any of the statements with ${mishap}`
}

async function deliverTwice(
  tools: ProbeTools<RecordPayment>,
  pauseMs: number,
): Promise<Breach | undefined> {
  const store = await createBooks(tools, 'charging')
  await deliver(tools, store)
  await tools.pass(pauseMs)
  await deliver(tools, store)
  return judge(store, '')
}

async function secondSucceedsToo(tools: ProbeTools<RecordPayment>): Promise<Breach | undefined> {
  const store = await createBooks(tools, 'charging')
  const worker = createProcess(tools, store)
  const recordPayment = await tools.load()
  await tools.call(async () => await recordPayment(payment, worker.database), limitMs)
  const again = await tools.call(async () => await recordPayment(payment, worker.database), limitMs)
  const elsewhere = await deliver(tools, store)
  throwUnknown(worker)
  const failed = [again, elsewhere.end].find(({ how }) => how !== 'returned')
  if (failed === undefined) return judge(store, '')
  return { expected: 'the second delivery succeeds', actual: endInWords(failed) }
}

async function mishapAtEach(
  tools: ProbeTools<RecordPayment>,
  mishap: Mishap,
): Promise<Breach | undefined> {
  for (let at = 1; at <= statementsMax; at++) {
    const store = await createBooks(tools, 'charging')
    let { isFinished } = await deliver(tools, store, mishapAt(at, mishap))
    for (let attempt = 2; !isFinished && attempt <= deliveriesMax; attempt++) {
      await tools.pass(betweenMs)
      ;({ isFinished } = await deliver(tools, store))
    }
    const breach = judge(store, `, although statement ${at} met this: ${mishap}`)
    if (breach !== undefined) return breach
  }
  return undefined
}

/** A worker is stopped before a statement. Another one gets the message. Then the first one continues, or is dead. */
async function interleave(
  tools: ProbeTools<RecordPayment>,
  then: 'continues' | 'dies',
): Promise<Breach | undefined> {
  for (let at = 1; at <= statementsMax; at++) {
    const store = await createBooks(tools, 'charging')
    const gate = gateAt(at)
    const slow = createProcess(tools, store, gate.intercept)
    const recordPayment = await tools.load()
    let isFinished = false
    const first = recordPayment(payment, slow.database).then(
      () => (isFinished = true),
      () => false,
    )
    void first
    await tools.pass(100)
    // Its first attempt is at the same moment, the next ones are later.
    const second = await deliver(tools, store)
    isFinished ||= second.isFinished
    if (then === 'dies') slow.kill()
    else gate.open()
    for (let attempt = 2; attempt <= deliveriesMax; attempt++) {
      await tools.pass(betweenMs)
      if (!isFinished) isFinished = (await deliver(tools, store)).isFinished
    }
    throwUnknown(slow)
    const breach = judge(store, `, although two workers had the message at statement ${at}`)
    if (breach !== undefined) return breach
  }
  return undefined
}

interface Delivery {
  readonly end: CallEnd<void>
  readonly isFinished: boolean
}

/** Delivers the message to a new process. */
async function deliver(
  tools: ProbeTools<RecordPayment>,
  store: Store,
  intercept?: Intercept,
): Promise<Delivery> {
  const recordPayment = await tools.load()
  const process = createProcess(tools, store, intercept)
  const end = await tools.call(async () => await recordPayment(payment, process.database), limitMs)
  throwUnknown(process)
  return { end, isFinished: end.how === 'returned' }
}

function judge(store: Store, when: string): Breach | undefined {
  const actual = bookedIn(store)
  if (actual === bookedOnce) return undefined
  return {
    expected: `the payment is in the ledger once, and the order is paid${when}`,
    actual,
  }
}
