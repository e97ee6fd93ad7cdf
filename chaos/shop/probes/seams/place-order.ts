import type { Breach } from '#chaos/contracts/probe-report.ts'
import type { Answer } from '#services/api/orders/order.ts'
import type { PlaceOrder } from '#services/api/seams.ts'
import { Refusal } from '#services/lib/refusal.ts'

import { endInWords, inWords } from '../contract-probe.ts'
import type { CallEnd, ProbeTools, SeamContract } from '../contract-probe.ts'
import { createFakeDesk, created, request } from '../fakes/fake-desk.ts'
import type { DeskPlan, FakeDesk } from '../fakes/fake-desk.ts'

const processed =
  'Every order that is confirmed to a customer is processed, even if a process dies or a connection stays silent.'
const withoutRedis =
  'Two more things must stay true: customers can place orders (it needs Postgres and does not need Redis), and no customer is charged twice.'
const placedWithoutRedis = 'An order is placed while Redis is down or silent, too.'
const charged = 'After a 201 a worker charges the order, once.'
const committedOnly = 'The queue receives messages about committed orders only.'
const limitMs = 30_000
/** More statements than an order needs. */
const statementsMax = 8
/** After it every attempt to enqueue has ended. */
const afterwardsMs = 5_000

export const placeOrderContract: SeamContract<PlaceOrder> = {
  lab: 'dual-write',
  time: 'jumping',
  probes: [
    {
      name: 'the process dies right after the commit: the message is stored with the order',
      promise: processed,
      async run(tools) {
        const { forgotten } = (await place(tools, { afterCommit: 'dies' })).shop
        if (forgotten === undefined) return undefined
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
        const { shop, end } = await place(tools, { redis: 'down' })
        if (!isCreated(end)) return { expected: '201 while Redis is down', actual: endInWords(end) }
        return stored(shop)
      },
    },
    {
      name: 'Redis is down: the process survives it',
      promise: placedWithoutRedis,
      async run(tools) {
        await place(tools, { redis: 'down' })
        await tools.pass(afterwardsMs)
        const crash = tools.crash()
        if (crash === undefined) return undefined
        return { expected: 'the process continues', actual: `it ends: ${inWords(crash)}` }
      },
    },
    {
      name: 'what could not be stored is not confirmed',
      promise: processed,
      async run(tools) {
        const { end } = await place(tools, { afterCommit: 'rolled back' })
        if (!isCreated(end)) return undefined
        return { expected: 'an error: the transaction was rolled back', actual: endInWords(end) }
      },
    },
    {
      name: 'a sold-out product and a repeated key receive their response',
      promise: withoutRedis,
      async run(tools) {
        const soldOut: Answer = { status: 409, body: { error: 'sold-out', definite: true } }
        for (const earlier of [soldOut, created({ id: 'k-1.1', key: 'k-1' })]) {
          const { end } = await place(tools, { redis: 'down', earlier })
          if (end.how === 'returned' && end.value?.status === earlier.status) continue
          return { expected: `the response ${earlier.status}`, actual: endInWords(end) }
        }
        return undefined
      },
    },
    {
      name: 'the queue receives no message about an order that is not committed',
      promise: committedOnly,
      run: async (tools) =>
        await forEach(
          [{}, { rollbacks: 1 }, { afterCommit: 'rolled back' }],
          async (plan: DeskPlan) => {
            const { queuedTooEarly } = (await place(tools, plan)).shop
            if (queuedTooEarly === undefined) return undefined
            return {
              expected: 'a message about an order that is committed',
              actual: `a message about ${queuedTooEarly} before its COMMIT`,
            }
          },
        ),
    },
    {
      name: 'the transaction is rolled back and repeated: the new order has its message',
      promise: charged,
      run: async (tools) =>
        await forEach([1, 2], async (rollbacks) => {
          const { shop } = await place(tools, { rollbacks, afterCommit: 'dies' })
          return stored(shop)
        }),
    },
    {
      name: 'Postgres rejects any one of the statements: no order stays without its message',
      promise: processed,
      run: async (tools) => await rejectEach(tools),
    },
    {
      name: 'an order that fails does not affect the next one',
      promise: withoutRedis,
      run: async (tools) => await afterFailures(tools),
    },
  ],
}

type End = CallEnd<Answer | undefined>

const isCreated = (end: End): boolean => end.how === 'returned' && end.value?.status === 201

/** Places one order at a new desk. */
async function place(
  tools: ProbeTools<PlaceOrder>,
  plan: DeskPlan,
): Promise<{ readonly shop: FakeDesk; readonly end: End }> {
  const shop = createFakeDesk(tools, plan)
  const placeOrder = await tools.load()
  const end = await tools.call(async () => await placeOrder(request, shop.desk), limitMs)
  return { shop, end }
}

/** The order is committed, and a worker will process it. */
function stored({ committed, forgotten }: FakeDesk, when = ''): Breach | undefined {
  if (committed.orders.size > 0 && forgotten === undefined) return undefined
  return {
    expected: `the order is committed, with its message${when}`,
    actual: forgotten === undefined ? 'it is not saved' : `the order ${forgotten} has no message`,
  }
}

async function rejectEach(tools: ProbeTools<PlaceOrder>): Promise<Breach | undefined> {
  for (let failingStatement = 1; failingStatement <= statementsMax; failingStatement++)
    for (const plan of [{ redis: 'down' }, { afterCommit: 'dies' }] as const) {
      const { shop, end } = await place(tools, { ...plan, failingStatement })
      if (shop.committed.orders.size === 0 && !isCreated(end)) continue
      const breach = stored(shop, `, although statement ${failingStatement} was rejected`)
      if (breach !== undefined) return breach
    }
  return undefined
}

/** First some orders that fail, and then one that must not. All at the same instance. */
async function afterFailures(tools: ProbeTools<PlaceOrder>): Promise<Breach | undefined> {
  const refused = new Map<string, Error>([
    [
      'reused',
      new Refusal('key-reused', 'This key was used for another request.', {
        status: 422,
        definite: true,
      }),
    ],
    ['lost', new Error('Connection terminated unexpectedly')],
    [
      'overloaded',
      new Refusal('overloaded', 'Postgres is not available.', { status: 503, definite: false }),
    ],
  ])
  const shop = createFakeDesk(tools, { refused, redis: 'down' })
  const placeOrder = await tools.load()
  const placeOne = async (key: string): Promise<End> =>
    await tools.call(async () => await placeOrder({ ...request, key }, shop.desk), limitMs)
  for (const key of refused.keys()) await placeOne(key)
  const end = await placeOne('next')
  if (!isCreated(end))
    return { expected: '201 for an order after others that failed', actual: endInWords(end) }
  return stored(shop)
}

async function forEach<T>(
  cases: readonly T[],
  test: (one: T) => Promise<Breach | undefined>,
): Promise<Breach | undefined> {
  for (const one of cases) {
    const breach = await test(one)
    if (breach !== undefined) return breach
  }
  return undefined
}
