import type { Breach } from '#chaos/contracts/probe-report.ts'
import type { ReceivePaymentEvent } from '#services/api/seams.ts'
import type { PaymentEvent } from '#services/lib/callbacks/payment-event.ts'

import { endInWords } from '../contract-probe.ts'
import type { ProbeTools, SeamContract } from '../contract-probe.ts'
import { createEventShop, events } from '../fakes/event-shop.ts'
import type { EventShop } from '../fakes/event-shop.ts'
import { throwUnknown } from '../fakes/fake-process.ts'
import type { Intercept, SentStatement } from '../fakes/fake-process.ts'
import { errors, gateAt, mishapAt, statementsMax } from '../fakes/mishaps.ts'
import type { Mishap } from '../fakes/mishaps.ts'

const inTheEnd =
  "Whatever happens to the callbacks, the shop ends with what payments' books say about each charge."
const againIsHarmless =
  'An event that arrives again succeeds and changes nothing: at the same moment, at another instance, or a day later.'
const anySequence =
  'The sequence of arrival does not matter. `payment_state` is the state after the latest event that happened, and it never goes back.'
const refundOnce = 'A refund is in the ledger exactly once, and the order is `refunded`.'
const acknowledged =
  'An event is acknowledged after its effect is committed. It then has a row in `payment_events`, and it has none before.'
const beforePaid = 'A refund that arrives before the order is paid is not lost.'
const dayMs = 86_400_000
const betweenMs = 1_000
/** Payments sends an event again until it is acknowledged. */
const deliveriesMax = 5

type Tools = ProbeTools<ReceivePaymentEvent>

const sequences: readonly (readonly PaymentEvent[])[] = permutationsOf(events)
const inWords = (arrival: readonly PaymentEvent[]): string =>
  arrival.map(({ type }) => type.replace('charge.', '')).join(', ')

export const receivePaymentEventContract: SeamContract<ReceivePaymentEvent> = {
  lab: 'webhooks',
  time: 'jumping',
  probes: [
    {
      name: 'captured, settled and refunded arrive in this sequence, each once',
      promise: inTheEnd,
      run: async (tools) => await arrive(tools, events),
    },
    {
      name: 'the events of a charge arrive in any other sequence',
      promise: anySequence,
      async run(tools) {
        for (const arrival of sequences.slice(1)) {
          const breach = await arrive(tools, arrival)
          if (breach !== undefined) return breach
        }
        return undefined
      },
    },
    ...(
      [
        ['at once', 0],
        ['a minute later', 60_000],
        ['a day later', dayMs],
      ] as const
    ).map(([when, pauseMs]) => ({
      name: `every event arrives again ${when}, at the same instance and at another one`,
      promise: againIsHarmless,
      run: async (tools: Tools) => await arriveAgain(tools, pauseMs),
    })),
    {
      name: 'an early event arrives again after all the others',
      promise: anySequence,
      run: async (tools) => await arrive(tools, [...events, ...events]),
    },
    {
      name: 'the refund arrives at two instances at the same time',
      promise: refundOnce,
      run: async (tools) => await interleave(tools, [events[2], events[2]], events.slice(0, 2)),
    },
    {
      name: 'two events of a charge arrive at two instances at the same time',
      promise: anySequence,
      async run(tools) {
        const [captured, settled, refunded] = events
        return (
          (await interleave(tools, [settled, refunded], [captured])) ??
          (await interleave(tools, [captured, settled], []))
        )
      },
    },
    {
      name: 'the instance dies right after it has acknowledged an event',
      promise: acknowledged,
      run: async (tools) => await diesAfterwards(tools),
    },
    ...([...errors, 'dies before', 'dies after'] as const).map((mishap) => ({
      name: `a delivery fails at any of its statements (${mishap}), and payments sends the event again`,
      promise: inTheEnd,
      run: async (tools: Tools) => await mishapAtEach(tools, mishap),
    })),
    {
      name: 'a refund arrives while the order is still being charged',
      promise: beforePaid,
      run: async (tools) => await refundBeforePaid(tools),
    },
  ],
}

/** Each event arrives at one of two instances, until it is acknowledged. */
async function arrive(tools: Tools, arrival: readonly PaymentEvent[]): Promise<Breach | undefined> {
  const shop = await createEventShop(tools, 'paid')
  for (const event of arrival) {
    const breach = await deliver(tools, shop, event)
    if (breach !== undefined) return breach
  }
  return shop.judge(events, `, although they arrived as ${inWords(arrival)}`)
}

/** Sends the event until it is acknowledged, each time to another instance. */
async function deliver(
  tools: Tools,
  shop: EventShop,
  event: PaymentEvent,
): Promise<Breach | undefined> {
  let last = 'nothing'
  for (let attempt = 1; attempt <= deliveriesMax; attempt++) {
    const receiver = await shop.openReceiver()
    const end = await receiver.receive(event)
    if (end.how === 'returned') return shop.judge([event])
    last = endInWords(end)
    if (shop.breach !== undefined) return shop.breach
    await tools.pass(betweenMs)
  }
  return {
    expected: `${event.type} is acknowledged within ${deliveriesMax} deliveries`,
    actual: last,
  }
}

async function arriveAgain(tools: Tools, pauseMs: number): Promise<Breach | undefined> {
  const shop = await createEventShop(tools, 'paid')
  const receiver = await shop.openReceiver()
  const another = await shop.openReceiver()
  for (const event of events) {
    await receiver.receive(event)
    await tools.pass(pauseMs)
    for (const again of [receiver, another]) {
      const end = await again.receive(event)
      if (end.how !== 'returned')
        return {
          expected: `${event.type} succeeds when it arrives again`,
          actual: endInWords(end),
        }
      const breach = shop.judge([event], ', although it arrived again')
      if (breach !== undefined) return breach
    }
  }
  return shop.judge(events, ', although each arrived three times')
}

/** One delivery is held before each of its statements, in turn, while another one runs. */
async function interleave(
  tools: Tools,
  [first, second]: readonly (PaymentEvent | undefined)[],
  before: readonly (PaymentEvent | undefined)[],
): Promise<Breach | undefined> {
  if (first === undefined || second === undefined) return undefined
  for (let at = 1; at <= statementsMax; at++) {
    const shop = await createEventShop(tools, 'paid')
    const other = await shop.openReceiver()
    for (const event of before) if (event !== undefined) await other.receive(event)
    const gate = gateAt(at)
    const counter = countStatements(gate.intercept)
    const slow = await shop.openReceiver(counter.intercept)
    let isAcknowledged = false
    void slow.begin(first).then(
      () => (isAcknowledged = true),
      () => undefined,
    )
    await tools.pass(10)
    await other.receive(second)
    gate.open()
    await tools.pass(betweenMs)
    throwUnknown(slow.process)
    const when = `, although ${first.type} and ${second.type} arrived at the same time`
    const breach =
      shop.judge(isAcknowledged ? [first] : [], when) ??
      (await deliver(tools, shop, first)) ??
      (await deliver(tools, shop, second)) ??
      shop.judge([first, second], when)
    if (breach !== undefined) return breach
    if (counter.count < at) return undefined
  }
  return undefined
}

async function diesAfterwards(tools: Tools): Promise<Breach | undefined> {
  const shop = await createEventShop(tools, 'paid')
  for (const event of events) {
    const receiver = await shop.openReceiver()
    const end = await receiver.receive(event)
    receiver.process.kill()
    if (end.how !== 'returned') {
      const breach = await deliver(tools, shop, event)
      if (breach !== undefined) return breach
    }
    await tools.pass(betweenMs)
    const breach = shop.judge([event], ', although the instance died right afterwards')
    if (breach !== undefined) return breach
  }
  return undefined
}

async function mishapAtEach(tools: Tools, mishap: Mishap): Promise<Breach | undefined> {
  const refunded = events[2]
  if (refunded === undefined) return undefined
  for (let at = 1; at <= statementsMax; at++) {
    const shop = await createEventShop(tools, 'paid')
    const receiver = await shop.openReceiver()
    for (const earlier of events.slice(0, 2)) await receiver.receive(earlier)
    const counter = countStatements(mishapAt(at, mishap))
    const failing = await shop.openReceiver(counter.intercept)
    const end = await failing.receive(refunded)
    const when = `, although statement ${at} met this: ${mishap}`
    const breach =
      shop.judge(end.how === 'returned' ? [refunded] : [], when) ??
      (await deliver(tools, shop, refunded)) ??
      shop.judge(events, when)
    if (breach !== undefined) return breach
    if (counter.count < at) return undefined
  }
  return undefined
}

/** Counts the statements of a process. */
function countStatements(intercept: Intercept): { count: number; readonly intercept: Intercept } {
  const counter = {
    count: 0,
    intercept: async (statement: SentStatement) => {
      counter.count = Math.max(counter.count, statement.number)
      return await intercept(statement)
    },
  }
  return counter
}

async function refundBeforePaid(tools: Tools): Promise<Breach | undefined> {
  const [captured, settled, refunded] = events
  if (captured === undefined || settled === undefined || refunded === undefined) return undefined
  for (const earlier of [[], [captured], [captured, settled]]) {
    const shop = await createEventShop(tools, 'charging')
    for (const event of earlier) await (await shop.openReceiver()).receive(event)
    const end = await (await shop.openReceiver()).receive(refunded)
    await shop.pay()
    const when = ', and then the order is paid'
    const breach =
      end.how === 'returned' ? shop.judge([refunded], when) : await deliver(tools, shop, refunded)
    if (breach !== undefined) return breach
    // What payments repeats, and what the comparison with its list finds.
    for (const event of [captured, settled]) {
      const late = await deliver(tools, shop, event)
      if (late !== undefined) return late
    }
    const last = shop.judge(events, when)
    if (last !== undefined) return last
  }
  return undefined
}

/** The given sequence is the first one. */
function permutationsOf(all: readonly PaymentEvent[]): readonly (readonly PaymentEvent[])[] {
  if (all.length === 0) return [[]]
  return all.flatMap((one) =>
    permutationsOf(all.filter((other) => other !== one)).map((rest) => [one, ...rest]),
  )
}
