import type {
  PaymentEvent,
  PaymentState,
  PaymentStateRow,
  ReceivedEventRow,
} from '../truth/truth.ts'
import { at, charge, ledgerCharge, orderRow, paidOrder, testKey } from './test-evidence.ts'
import type { OrderFacts } from './test-evidence.ts'

/** The order after its charge was refunded, with every event recorded in time. `over` replaces facts. */
export function refundedOrder(number: number, over: Partial<OrderFacts> = {}): OrderFacts {
  const states = ['captured', 'settled', 'refunded'] as const
  const refund = ledgerCharge(1_000 + number, {
    orderId: `${testKey(number)}.ab12`,
    kind: 'refund',
    chargeId: `ch-${number}`,
    entries: [
      { account: 'payments-receivable', amountCents: -900 },
      { account: 'sales', amountCents: 900 },
    ],
  })
  return paidOrder(number, {
    rows: [orderRow(number, { status: 'refunded', paymentState: 'refunded' })],
    trail: ['placed', 'charging', 'paid', 'refunded'],
    charges: [charge(number, { refundedCents: 900 })],
    ledger: [ledgerCharge(number), refund],
    paymentEvents: states.map((state, i) => paymentEvent(number, state, i + 1)),
    receivedEvents: states.map((_state, i) => receivedEvent(number, i + 1)),
    paymentStates: paymentStates(number, states),
    ...over,
  })
}

export function paymentEvent(number: number, state: PaymentState, sequence: number): PaymentEvent {
  return {
    id: `ev-${number}-${sequence}`,
    type: `charge.${state}`,
    chargeId: `ch-${number}`,
    orderId: `${testKey(number)}.ab12`,
    amountCents: 900,
    sequence,
    at: at(number * 10 + 100 * sequence),
    attempts: 1,
    deliveredAt: at(number * 10 + 100 * sequence + 5),
    closed: true,
  }
}

export function receivedEvent(number: number, sequence: number): ReceivedEventRow {
  return {
    id: `ev-${number}-${sequence}`,
    orderId: `${testKey(number)}.ab12`,
    sequence,
    instance: 'api-1',
    at: at(number * 10 + 100 * sequence + 5),
  }
}

export function paymentStates(
  number: number,
  states: readonly PaymentState[],
): readonly PaymentStateRow[] {
  return states.map((state, i) => ({
    orderId: `${testKey(number)}.ab12`,
    state,
    instance: 'api-1',
    at: at(number * 10 + 105 + 100 * i),
  }))
}

/** A paid order whose charge is settled, although the shop received the events in reverse. `over` replaces facts. */
export function settledOrder(number: number, over: Partial<OrderFacts> = {}): OrderFacts {
  return paidOrder(number, {
    rows: [orderRow(number, { paymentState: 'settled' })],
    paymentEvents: [paymentEvent(number, 'captured', 1), paymentEvent(number, 'settled', 2)],
    receivedEvents: [receivedEvent(number, 2), receivedEvent(number, 1)],
    paymentStates: paymentStates(number, ['settled']),
    ...over,
  })
}
