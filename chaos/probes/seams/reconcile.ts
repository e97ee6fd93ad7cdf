import type { Charge } from '#services/lib/payments-client.ts'
import { writeOrderMessage } from '#services/lib/seams/write-order-message.ts'
import type { Reconcile, ReconcileDesk } from '#services/worker/seams.ts'

import type { Breach, ProbeTools, SeamContract } from '../contract-probe.ts'
import { createRecordedDatabase } from '../fakes/recorded-database.ts'
import type { Reply } from '../fakes/recorded-database.ts'

const whatever =
  'Every order that is confirmed to a customer is processed to the end, whatever Redis loses.'
const noCancel =
  'Cancelling the lost orders is not a fix: payments declined no charge, and every order was confirmed.'
const log = { debug() {}, info() {}, warn() {}, error() {} }
const rounds = 12

interface Stuck {
  readonly id: string
  readonly amountCents: number
}

const lost: Stuck = { id: 'o-lost', amountCents: 450 }
const charged: Stuck = { id: 'o-charged', amountCents: 1_200 }
const charge: Charge = {
  id: 'ch_1',
  orderId: charged.id,
  idempotencyKey: `charge:${charged.id}`,
  amountCents: charged.amountCents,
  status: 'captured',
}

export const reconcileContract: SeamContract<Reconcile> = {
  lab: 'queue-amnesia',
  time: 'jumping',
  probes: [
    {
      name: 'a lost order without a charge is enqueued',
      promise: noCancel,
      async run(tools) {
        const { enqueued } = await reconcileRounds(tools, losses(1))
        if (enqueued.includes(lost.id)) return undefined
        return { expected: 'the order is enqueued', actual: 'it was not enqueued' }
      },
    },
    {
      name: 'Redis loses the same order twice: it is enqueued twice',
      promise: whatever,
      async run(tools) {
        const { enqueued } = await reconcileRounds(tools, losses(2))
        const times = enqueued.filter((id) => id === lost.id).length
        if (times >= 2) return undefined
        return { expected: 'the order is enqueued again', actual: `it was enqueued ${times} times` }
      },
    },
    {
      name: 'an order that payments has charged is settled or processed again',
      promise: whatever,
      async run(tools) {
        const { enqueued, settled } = await reconcileRounds(tools, () => [charged])
        if (enqueued.includes(charged.id) || settled.includes(charged.id)) return undefined
        return {
          expected: 'the charge is settled, or the order is enqueued',
          actual: 'neither: its payment is in no ledger',
        }
      },
    },
    {
      name: 'an order that fails does not block the others',
      promise: whatever,
      run: async (tools) => await othersContinue(tools),
    },
  ],
}

async function othersContinue(tools: ProbeTools<Reconcile>): Promise<Breach | undefined> {
  const failing: Stuck = { id: 'o-failing', amountCents: 995 }
  const { enqueued } = await reconcileRounds(
    tools,
    // In both sequences: a design may stop at the first failure.
    (round) => (round % 2 === 0 ? [failing, lost] : [lost, failing]),
    failing.id,
  )
  if (enqueued.includes(lost.id)) return undefined
  return {
    expected: `an order is enqueued, although another one fails each time`,
    actual: `it was not enqueued in ${rounds} rounds`,
  }
}

/** The order is stuck from the third round on. Redis loses it so many times, two rounds after it was enqueued. */
function losses(count: number): StuckOrders {
  let enqueuedBefore = 0
  let quietUntil = 3
  return (round, enqueued) => {
    if (enqueued.length > enqueuedBefore) {
      enqueuedBefore = enqueued.length
      quietUntil = round + 2
    }
    return enqueuedBefore >= count || round < quietUntil ? [] : [lost]
  }
}

/** The orders that have not changed for too long in this round. */
type StuckOrders = (round: number, enqueued: readonly string[]) => readonly Stuck[]

interface Done {
  readonly enqueued: readonly string[]
  readonly settled: readonly string[]
}

/** Calls the reconciler several times. */
async function reconcileRounds(
  tools: ProbeTools<Reconcile>,
  stuckIn: StuckOrders,
  failing?: string,
): Promise<Done> {
  const reconcile = await tools.load()
  const enqueued: string[] = []
  const settled: string[] = []
  let stuck: readonly Stuck[] = []
  let writesBooks = false
  const { database, undecided } = createRecordedDatabase(tools, (sql) => {
    if (/\bledger_/i.test(sql)) writesBooks = true
    return reply(sql, stuck)
  })
  const fail = (id: string): void => {
    if (id === failing) throw new Error('The order cannot be processed.')
  }
  const desk: ReconcileDesk = {
    database,
    afterMs: 2_500,
    findCharge: async (id) => {
      fail(id)
      return id === charged.id ? charge : undefined
    },
    settle: async ({ orderId }) => void settled.push(orderId),
    queue: {
      enqueue: async ({ orderId }) => {
        fail(orderId)
        enqueued.push(orderId)
      },
    },
    writeOrderMessage,
    log,
  }
  for (let round = 1; round <= rounds; round++) {
    stuck = stuckIn(round, enqueued)
    await tools.call(async () => await reconcile(desk), 30_000)
    await tools.pass(3_000)
  }
  const unknown = undecided()
  if (unknown !== undefined) throw unknown
  if (writesBooks) settled.push(charged.id)
  return { enqueued, settled }
}

/** Knows the reads of stuck orders that return id and amount, and changes of orders. */
function reply(sql: string, stuck: readonly Stuck[]): Reply | undefined {
  if (/\bamount_cents AS "amountCents"/i.test(sql))
    return { rows: stuck.map((order) => ({ ...order })), rowCount: stuck.length }
  if (/^UPDATE\s+(orders|products)\b/i.test(sql)) {
    const row = { id: stuck[0]?.id, sku: 'mug', quantity: 1 }
    return { rows: stuck.length === 0 ? [] : [row], rowCount: Math.min(1, stuck.length) }
  }
  return undefined
}
