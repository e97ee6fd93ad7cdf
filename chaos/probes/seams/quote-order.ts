import type { Quote, QuoteDesk, QuoteOrder } from '#services/api/seams.ts'
import type { PaymentMethod } from '#services/lib/payments-client.ts'

import { endInWords, inWords } from '../contract-probe.ts'
import type { Breach, CallEnd, ProbeTools, SeamContract } from '../contract-probe.ts'
import { createFakePool } from '../fakes/fake-pool.ts'
import type { FakePool } from '../fakes/fake-pool.ts'

const goal =
  'When payments is slow, quotes are slow and nothing else is: customers who look at products notice nothing.'
const mustArrive =
  'They may arrive later, or with fewer payment methods, but they must arrive. Without a fault they must be complete.'
/** As the lab's API has them. */
const pool = { connectionsMax: 5, acquireTimeoutMs: 500 }
const priceCents = 1_200
const ownMethods: readonly PaymentMethod[] = [{ method: 'invoice', feeCents: 0 }]

type Payments = (amountCents: number) => Promise<readonly PaymentMethod[]>

export const quoteOrderContract: SeamContract<QuoteOrder> = {
  lab: 'slow-dependency',
  time: 'jumping',
  probes: [
    {
      name: 'without a fault a quote is complete, with the methods for its amount',
      promise: mustArrive,
      async run(tools) {
        const quoteOrder = await tools.load()
        const desk = createDesk(tools, works(tools))
        for (const quantity of [1, 3, 25, 2]) {
          const breach = judgeComplete(await ask(tools, quoteOrder, desk, quantity), quantity)
          if (breach !== undefined) return breach
          await tools.pass(1_000)
        }
        return undefined
      },
    },
    {
      name: 'a quote arrives although payments fails',
      promise: mustArrive,
      async run(tools) {
        const quoteOrder = await tools.load()
        const desk = createDesk(tools, async () => await fails(tools))
        for (let i = 0; i < 5; i++) {
          const end = await ask(tools, quoteOrder, desk, 2)
          if (end.how !== 'returned' || end.value?.amountCents !== 2 * priceCents)
            return { expected: `a quote for ${2 * priceCents} cents`, actual: endInWords(end) }
        }
        return undefined
      },
    },
    {
      name: 'payments is slow: customers who look at products get a connection',
      promise: goal,
      run: async (tools) => (await slowPayments(tools)).browse,
    },
    {
      name: 'payments is slow: every quote arrives',
      promise: mustArrive,
      run: async (tools) => (await slowPayments(tools)).quotes,
    },
    ...(['slow', 'failing'] as const).map((fault) => ({
      name: `after payments was ${fault}, quotes are complete again`,
      promise: mustArrive,
      run: async (tools: ProbeTools<QuoteOrder>) => await recovers(tools, fault),
    })),
  ],
}

async function ask(
  tools: ProbeTools<QuoteOrder>,
  quoteOrder: QuoteOrder,
  desk: QuoteDesk,
  quantity: number,
): Promise<CallEnd<Quote>> {
  return await tools.call(async () => await quoteOrder({ sku: 'mug', quantity }, desk), 60_000)
}

function judgeComplete(end: CallEnd<Quote>, quantity: number): Breach | undefined {
  const amountCents = priceCents * quantity
  if (end.how === 'returned' && end.value.complete) {
    const { amountCents: amount, paymentMethods } = end.value
    if (amount === amountCents && isSame(paymentMethods, methodsFor(amountCents))) return undefined
  }
  return {
    expected: `a complete quote for ${amountCents} cents with ${inWords(methodsFor(amountCents))}`,
    actual: endInWords(end),
  }
}

/** For four seconds: 25 quotes and 10 reads of products per second, as at one instance of the lab. */
async function slowPayments(
  tools: ProbeTools<QuoteOrder>,
): Promise<{ readonly browse: Breach | undefined; readonly quotes: Breach | undefined }> {
  const quoteOrder = await tools.load()
  const database = createFakePool(tools, pool)
  const desk = createDesk(tools, async (amount) => await slow(tools, amount), database)
  const waits: number[] = []
  let quotes = 0
  let sent = 0
  const browse = async (): Promise<void> => {
    const beganMs = tools.now()
    await database.query('SELECT').catch(() => undefined)
    waits.push(tools.now() - beganMs)
  }
  const quote = async (): Promise<void> => {
    sent += 1
    await quoteOrder({ sku: 'mug', quantity: 1 }, desk).then(
      () => (quotes += 1),
      () => undefined,
    )
  }
  await tools.call(async () => {
    for (let i = 0; i < 100; i++) {
      void quote()
      if (i % 5 === 0) void browse()
      if (i % 5 === 2) void browse()
      await tools.sleep(40)
    }
    await tools.sleep(30_000)
  }, 60_000)
  const late = waits.filter((ms) => ms > waitMaxMs)
  return {
    browse:
      late.length === 0
        ? undefined
        : {
            expected: `while payments is slow, a read of a product gets a connection within ${waitMaxMs} ms`,
            actual: `${late.length} of ${waits.length} reads waited longer, up to ${Math.round(Math.max(...late))} ms`,
          },
    quotes:
      quotes === sent
        ? undefined
        : {
            expected: `${sent} of ${sent} quotes within 30 s`,
            actual: `${quotes} of ${sent} quotes arrived`,
          },
  }
}

const waitMaxMs = 250

async function recovers(
  tools: ProbeTools<QuoteOrder>,
  fault: 'slow' | 'failing',
): Promise<Breach | undefined> {
  const quoteOrder = await tools.load()
  let payments: Payments =
    fault === 'slow' ? async (amount) => await slow(tools, amount) : async () => await fails(tools)
  const desk = createDesk(tools, async (amount) => await payments(amount))
  for (let i = 0; i < 40; i++) {
    await ask(tools, quoteOrder, desk, 1)
    await tools.pass(100)
  }
  payments = works(tools)
  let breach: Breach | undefined
  for (let second = 0; second < 60; second++) {
    breach = judgeComplete(await ask(tools, quoteOrder, desk, 1), 1)
    if (breach === undefined) return undefined
    await tools.pass(1_000)
  }
  return {
    ...breach,
    expected: `within a minute: ${breach?.expected ?? ''}`,
    actual: breach?.actual ?? '',
  }
}

function createDesk(
  tools: ProbeTools<QuoteOrder>,
  askForMethods: Payments,
  database: FakePool = createFakePool(tools, pool),
): QuoteDesk {
  return {
    database: database as unknown as QuoteDesk['database'],
    findProduct: async (queryable, sku) => {
      await queryable.query('SELECT')
      return { sku, name: sku, priceCents, stock: 100 }
    },
    askForMethods,
    ownMethods,
  }
}

function methodsFor(amountCents: number): readonly PaymentMethod[] {
  return [...ownMethods, { method: 'card', feeCents: Math.round(amountCents / 50) }]
}

function works({ sleep }: ProbeTools<QuoteOrder>): Payments {
  return async (amountCents) => {
    await sleep(20)
    return methodsFor(amountCents)
  }
}

/** As in the lab: 600 ms later. */
async function slow(
  { sleep }: ProbeTools<QuoteOrder>,
  amountCents: number,
): Promise<readonly PaymentMethod[]> {
  await sleep(620)
  return methodsFor(amountCents)
}

async function fails({ sleep }: ProbeTools<QuoteOrder>): Promise<never> {
  await sleep(1_000)
  throw new Error('payments did not answer')
}

function isSame(a: readonly PaymentMethod[], b: readonly PaymentMethod[]): boolean {
  const sorted = (methods: readonly PaymentMethod[]): string =>
    JSON.stringify(methods.map(({ method, feeCents }) => `${method} ${feeCents}`).toSorted())
  return sorted(a) === sorted(b)
}
