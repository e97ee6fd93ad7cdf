import type { Answer, Order, OrderRequest } from '#services/api/orders/order.ts'
import type { OrderDesk, PlaceOrder } from '#services/api/seams.ts'
import type { Transaction } from '#services/lib/database.ts'

import { endInWords } from '../contract-probe.ts'
import type { ProbeTools, SeamContract } from '../contract-probe.ts'

const processed =
  'Every order that is confirmed to a customer is processed, even if a process dies or a connection stays silent.'
const withoutRedis =
  'Two more things must stay true: customers can place orders (it needs Postgres and does not need Redis), and no customer is charged twice.'
const request: OrderRequest = {
  key: 'k-1',
  sku: 'mug',
  quantity: 2,
  customer: 'ann',
  note: null,
  lines: [],
}
const order: Order = { ...request, id: 'k-1.aaaaaa', amountCents: 2_400 }
const created: Answer = {
  status: 201,
  body: { orderId: order.id, key: 'k-1', status: 'placed', amountCents: 2_400 },
}
/** A command to Redis gives up after 300 ms. */
const redisTimeoutMs = 300
const limitMs = 30_000

export const placeOrderContract: SeamContract<PlaceOrder> = {
  lab: 'dual-write',
  time: 'jumping',
  probes: [
    {
      name: 'the process dies right after the commit: the message is stored with the order',
      promise: processed,
      async run(tools) {
        const shop = createDesk(tools, { afterCommit: 'dies' })
        const placeOrder = await tools.load()
        await tools.call(async () => await placeOrder(request, shop.desk), limitMs)
        if (!shop.committed.saved) return undefined
        if (shop.committed.outbox || shop.queued) return undefined
        return {
          expected: 'in the transaction with the order: its message for the worker',
          actual:
            'the order is committed, without a message; a retry is acknowledged and never processed',
        }
      },
    },
    {
      name: 'Redis is down: the order is placed, and its message is stored',
      promise: withoutRedis,
      async run(tools) {
        const shop = createDesk(tools, { redis: 'down' })
        const placeOrder = await tools.load()
        const end = await tools.call(async () => await placeOrder(request, shop.desk), limitMs)
        if (end.how !== 'returned' || end.value?.status !== 201)
          return { expected: '201 while Redis is down', actual: endInWords(end) }
        if (shop.committed.saved && (shop.committed.outbox || shop.queued)) return undefined
        return {
          expected: 'the confirmed order is committed, with its message',
          actual: shop.committed.saved ? 'it has no message' : 'it is not saved',
        }
      },
    },
    {
      name: 'what could not be stored is not confirmed',
      promise: processed,
      async run(tools) {
        const shop = createDesk(tools, { afterCommit: 'rolled back' })
        const placeOrder = await tools.load()
        const end = await tools.call(async () => await placeOrder(request, shop.desk), limitMs)
        if (end.how !== 'returned' || end.value?.status !== 201) return undefined
        return { expected: 'an error: the transaction was rolled back', actual: endInWords(end) }
      },
    },
    {
      name: 'a sold-out product and a repeated key receive their response',
      promise: withoutRedis,
      async run(tools) {
        const placeOrder = await tools.load()
        const soldOut: Answer = { status: 409, body: { error: 'sold-out', definite: true } }
        for (const answer of [soldOut, created]) {
          const shop = createDesk(tools, { redis: 'down', earlier: answer })
          const end = await tools.call(async () => await placeOrder(request, shop.desk), limitMs)
          if (end.how === 'returned' && end.value?.status === answer.status) continue
          return { expected: `the response ${answer.status}`, actual: endInWords(end) }
        }
        return undefined
      },
    },
  ],
}

interface Stored {
  saved: boolean
  outbox: boolean
}

interface Fate {
  readonly redis?: 'down'
  /** `dies`: the process is killed before the reply to COMMIT arrives. Nothing after that runs. */
  readonly afterCommit?: 'dies' | 'rolled back'
  /** The key has this response already, or the product is sold out. */
  readonly earlier?: Answer
}

interface FakeDesk {
  readonly desk: OrderDesk
  readonly committed: Readonly<Stored>
  readonly queued: boolean
}

function createDesk({ sleep }: ProbeTools<PlaceOrder>, fate: Fate): FakeDesk {
  const committed: Stored = { saved: false, outbox: false }
  let written: Stored = { saved: false, outbox: false }
  let queued = false
  let open = false
  /** What is written after the commit is stored at once: it is its own transaction. */
  const write = (what: keyof Stored): void => {
    written[what] = true
    if (!open) committed[what] = true
  }
  const transaction = {
    query: async (sql: unknown) => {
      await sleep(1)
      const text = typeof sql === 'string' ? sql : (sql as { text: string }).text
      if (/insert\s+into\s+outbox/i.test(text)) write('outbox')
      if (/insert\s+into\s+orders/i.test(text)) write('saved')
      return { rows: [], rowCount: 1, command: '' }
    },
  } as unknown as Transaction
  const desk: OrderDesk = {
    async sell(_request, writeOrder) {
      if (fate.earlier !== undefined) return { answer: fate.earlier }
      open = true
      written = { saved: false, outbox: false }
      await writeOrder(transaction, order)
      await sleep(1)
      open = false
      if (fate.afterCommit === 'rolled back') throw new Error('The transaction was rolled back.')
      Object.assign(committed, written)
      if (fate.afterCommit === 'dies') await new Promise<never>(() => undefined)
      return { answer: created, order }
    },
    save: async () => {
      await sleep(1)
      write('saved')
    },
    outbox: {
      write: async () => {
        await sleep(1)
        write('outbox')
      },
    },
    queue: {
      enqueue: async () => {
        await sleep(fate.redis === 'down' ? redisTimeoutMs : 1)
        if (fate.redis === 'down') throw new Error('Redis is not connected.')
        queued = true
      },
    },
  }
  return {
    desk,
    committed,
    get queued() {
      return queued
    },
  }
}
