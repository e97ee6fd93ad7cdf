import type { Breach } from '#chaos/contracts/probe-report.ts'
import { writeRefund } from '#services/api/payment-events/write-refund.ts'
import type { PaymentEventDesk, ReceivePaymentEvent } from '#services/api/seams.ts'
import { paymentEventTypes } from '#services/lib/callbacks/payment-event.ts'
import type { PaymentEvent } from '#services/lib/callbacks/payment-event.ts'
import { recordPayment } from '#services/worker/seams/record-payment.ts'

import type { CallEnd, ProbeTools } from '../contract-probe.ts'
import { createProcess, limits, throwUnknown } from './fake-process.ts'
import type { FakeProcess, Intercept } from './fake-process.ts'
import { Session } from './sql/session.ts'
import { Store } from './sql/store.ts'

/** As in the lab: the safety net is off. */
const off = ['net_one_ledger_transaction_per_kind']
const states = ['captured', 'settled', 'refunded']
const deliveryMaxMs = 30_000
const log = { debug() {}, info() {}, warn() {}, error() {} }

/** The three events of the charge, in the sequence in which they happen. */
export const events: readonly PaymentEvent[] = paymentEventTypes.map((type, i) => ({
  id: `ev_${i + 1}`,
  type,
  chargeId: 'ch_1',
  orderId: 'o-1',
  amountCents: 1_200,
  sequence: i + 1,
  at: new Date(1_764_400_000_000 + 300 * i).toISOString(),
}))

/** An instance of the API with its own pool and its own instance of the learner's module. */
export interface Receiver {
  readonly process: FakeProcess
  /** Does not let the time pass. */
  begin(event: PaymentEvent): Promise<void>
  receive(event: PaymentEvent): Promise<CallEnd<void>>
}

/** One order with its charge, and payments' list of what happened to the charge. */
export interface EventShop {
  readonly store: Store
  openReceiver(intercept?: Intercept): Promise<Receiver>
  /** The worker books the charge. */
  pay(): Promise<void>
  /** A promise that the committed data has broken at any moment. */
  readonly breach: Breach | undefined
  /** What is wrong if these events are acknowledged. */
  judge(acknowledged: readonly PaymentEvent[], when?: string): Breach | undefined
}

export async function createEventShop(
  tools: ProbeTools<ReceivePaymentEvent>,
  status: 'charging' | 'paid',
): Promise<EventShop> {
  const shop = new FakeShop(tools)
  await shop.start()
  if (status === 'paid') await shop.pay()
  return shop
}

class FakeShop implements EventShop {
  readonly store = new Store(off)
  breach: Breach | undefined
  readonly #tools: ProbeTools<ReceivePaymentEvent>
  #happened = 0
  #rankMax = -1

  constructor(tools: ProbeTools<ReceivePaymentEvent>) {
    this.#tools = tools
  }

  async start(): Promise<void> {
    const owner = new Session(this.store, this.#tools, limits)
    await this.#tools.call(async () => {
      await owner.run(
        `INSERT INTO orders (id, client_key, customer, sku, quantity, amount_cents, status)
         VALUES ('o-1', 'o', 'disputed-ann', 'mug', 1, 1200, 'charging')`,
      )
    }, 1_000)
    this.store.onCommit = () => {
      this.breach ??= this.#look()
    }
  }

  async pay(): Promise<void> {
    const worker = createProcess(this.#tools, this.store)
    const payment = { messageId: 'order-placed:o-1', orderId: 'o-1', chargeId: 'ch_1' }
    await this.#tools.call(
      async () => await recordPayment({ ...payment, amountCents: 1_200 }, worker.database),
      deliveryMaxMs,
    )
  }

  async openReceiver(intercept?: Intercept): Promise<Receiver> {
    const receivePaymentEvent = await this.#tools.load()
    const process = createProcess(this.#tools, this.store, intercept)
    const desk: PaymentEventDesk = {
      database: process.database,
      writeRefund,
      eventsOf: async (chargeId) => {
        await this.#tools.sleep(1)
        return chargeId === 'ch_1' ? events.slice(0, this.#happened) : []
      },
      log,
    }
    const begin = async (event: PaymentEvent): Promise<void> => {
      this.#happened = Math.max(this.#happened, event.sequence)
      await receivePaymentEvent(event, desk)
    }
    return {
      process,
      begin,
      receive: async (event) => {
        const end = await this.#tools.call(async () => await begin(event), deliveryMaxMs)
        throwUnknown(process)
        return end
      },
    }
  }

  /** What no commit may show. */
  #look(): Breach | undefined {
    const rank = this.#rank
    const before = this.#rankMax
    this.#rankMax = Math.max(before, rank)
    if (rank < before)
      return {
        expected: `payment_state is never earlier than ${states[before]}`,
        actual: `it went back to ${states[rank] ?? 'none'}`,
      }
    for (const event of events) {
      const [row] = this.#rowsOf(event)
      if (row === undefined || this.#hasEffect(event)) continue
      return {
        expected: `the row of ${event.type} in payment_events says that its effect is committed`,
        actual: `the row is committed, and ${this.#inWords()}`,
      }
    }
    return undefined
  }

  judge(acknowledged: readonly PaymentEvent[], when = ''): Breach | undefined {
    if (this.breach !== undefined) return this.breach
    for (const event of acknowledged) {
      if (this.#rowsOf(event).length === 1 && this.#hasEffect(event)) continue
      return {
        expected: `${event.type} is acknowledged, so it is recorded and has its effect${when}`,
        actual: `${this.#rowsOf(event).length} rows in payment_events, and ${this.#inWords()}`,
      }
    }
    if (this.#refunds <= 1) return undefined
    return { expected: `one refund in the ledger${when}`, actual: this.#inWords() }
  }

  #rowsOf({ id }: PaymentEvent) {
    return this.store.committed('payment_events').filter((row) => row['event_id'] === id)
  }

  #hasEffect({ type, sequence }: PaymentEvent): boolean {
    if (this.#rank < sequence - 1) return false
    if (type !== 'charge.refunded') return true
    return this.#refunds > 0 && this.#order['status'] === 'refunded'
  }

  get #order() {
    return this.store.committed('orders')[0] ?? {}
  }

  get #rank(): number {
    return states.findIndex((state) => state === this.#order['payment_state'])
  }

  /** Complete refunds: each with both entries. */
  get #refunds(): number {
    const ids = this.store
      .committed('ledger_transactions')
      .filter(({ kind }) => kind === 'refund')
      .map(({ id }) => id)
    const entries = this.store.committed('ledger_entries')
    return ids.filter(
      (id) => entries.filter((entry) => entry['transaction_id'] === id).length === 2,
    ).length
  }

  #inWords(): string {
    const { status, payment_state: state } = this.#order
    return `payment_state is ${JSON.stringify(state)}, the status ${JSON.stringify(status)}, ${this.#refunds} refunds are in the ledger`
  }
}
